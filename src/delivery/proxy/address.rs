//! Addresses, for the lists of hosts that are reached without a proxy.

use std::net::IpAddr;

use ipnet::IpNet;
use url::Host;

/// The address that a URL names; `None`: it names a domain.
pub(super) fn ip_of(host: &Host<&str>) -> Option<IpAddr> {
    match host {
        Host::Ipv4(ip) => Some(IpAddr::V4(*ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(*ip)),
        Host::Domain(_) => None,
    }
}

/// Whether a URL names an address of this network. One of IPv4 may be written as one of IPv6.
pub(super) fn is_in(network: &IpNet, host: &Host<&str>) -> bool {
    ip_of(host).is_some_and(|ip| network.contains(&ip) || network.contains(&ip.to_canonical()))
}

/// An address as it stands without a port: that of IPv6 may have brackets all the same.
pub(super) fn without_brackets(text: &str) -> &str {
    text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text)
}
