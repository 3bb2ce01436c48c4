//! How the scene looks where nobody says otherwise. What a node says stands in its own `style`. The elements of one letter are
//! kinds of nodes: [`super::draw`].

/// The style sheet of the outer document.
pub(in crate::views) const SHEET: &str = "\
html,body{margin:0;height:100%;overflow:hidden;background:#4a5568}\
.w{position:absolute;box-shadow:0 6px 24px #0005}\
.w .w{box-shadow:none}\
.b{position:absolute;left:0;right:0;top:-28px;height:28px;padding:0 12px;background:#d8dbe0;color:#5a5f66;\
border-radius:7px 7px 0 0;font:600 13px/28px system-ui,sans-serif;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}\
.b.f{background:#eceef1;color:#16181b}\
.c{position:absolute;inset:0;overflow:hidden;background:#f4f5f7;color:#16181b;border:0 solid #b3b8bf}\
.c>iframe{display:block;border:0;background:#fff}\
.n,t,g,p,k,l,m,i,r,x{position:absolute;box-sizing:border-box;display:flex;align-items:center;margin:0;padding:0;border:0 solid;\
border-color:inherit;overflow:hidden;white-space:pre;font:13px/1.25 system-ui,sans-serif;color:inherit;background:none}\
p{justify-content:center;border-width:1px;border-radius:5px;background:#fdfdfe}\
.input{display:block;padding:2px 6px;border-width:1px;border-radius:4px;background:#fff;resize:none}\
k{gap:6px}k>input{margin:0;flex:none}\
k.right{flex-direction:row-reverse;justify-content:flex-start}\
.partial>input{appearance:none;width:13px;height:13px;border-radius:2px;\
background:linear-gradient(#fff,#fff) center/7px 2px no-repeat #0075ff}\
l,r{border-width:1px;background:#fff}\
m{border-width:1px;border-radius:4px;background:#fff;box-shadow:0 3px 12px #0003}\
i{padding:0 3px}\
g,.image{object-fit:contain;justify-content:center;background:#dfe3e8;color:#5a5f66}\
img.image{background:none}\
.s{background:#2f6fde;color:#fff}\
.f:not(.b){outline:2px solid #2f6fde;outline-offset:-2px}\
.d{opacity:.5}\
.bold{font-weight:700}.italic{font-style:italic}.mono{font-family:ui-monospace,monospace}\
.center{justify-content:center;text-align:center}.right{justify-content:flex-end;text-align:right}\
.lines{align-items:flex-start;white-space:pre-wrap;overflow-wrap:anywhere}\
.o{border-width:1px}\
.g0{transform:translate(var(--g0))}.g1{transform:translate(var(--g1))}\
.g2{transform:translate(var(--g2))}.g3{transform:translate(var(--g3))}";
