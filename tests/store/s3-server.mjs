// A bucket of moto's S3 server, on loopback and in memory. `make store-server` installs it from requirements.txt.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { start } from "../support/children.mjs";
import { project } from "../support/paths.mjs";

const packages = join(project, "build/store-server");
const BUCKET = "replays";
/** moto checks no signature, but without one it shows only what is public. */
const ANYBODY = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=none";

export async function startBucket() {
  if (!existsSync(packages)) throw new Error("moto is not installed: `make store-server`");
  const env = { ...process.env, PYTHONPATH: packages, PYTHONUNBUFFERED: "1" };
  const [url, child] = await new Promise((resolve, reject) => {
    const server = start("python3", ["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], {
      env,
      onOutput(output) {
        const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(output);
        if (address) resolve([address[1], server.child]);
      },
    });
    server.ended.then(({ output }) => reject(new Error(`moto ended: ${output}`)), reject);
  });
  const bucket = new Bucket(url, child);
  await bucket.put("");
  return bucket;
}

class Bucket {
  #child;

  constructor(url, child) {
    this.url = url;
    this.#child = child;
  }

  /** The viewer's options for a prefix of this bucket. */
  options(prefix) {
    const settings = { endpoint: this.url, allow_http: "true", region: "us-east-1", access_key_id: "test", secret_access_key: "test" };
    return ["--store", `s3://${BUCKET}/${prefix}`, ...Object.entries(settings).flatMap(([key, value]) => ["--store-option", `${key}=${value}`])];
  }

  #call(method, key, { headers, query = {}, ...init } = {}) {
    return fetch(`${this.url}/${BUCKET}${key && `/${key}`}?${new URLSearchParams(query)}`, { method, headers: { Authorization: ANYBODY, ...headers }, ...init });
  }

  async put(key, body = "", headers = {}) {
    const answer = await this.#call("PUT", key, { body, headers });
    await answer.arrayBuffer();
    return answer.status;
  }

  get = async (key) => Buffer.from(await (await this.#call("GET", encoded(key))).arrayBuffer());
  remove = async (key) => (await this.#call("DELETE", encoded(key))).arrayBuffer();

  /** The keys below a prefix. */
  async keys(prefix) {
    const answer = await this.#call("GET", "", { query: { "list-type": "2", prefix } });
    return [...(await answer.text()).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key);
  }

  async move(from, to) {
    await this.put(encoded(to), await this.get(from));
    await this.remove(from);
  }

  stop() {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill();
    return ended;
  }
}

const encoded = (key) => key.split("/").map(encodeURIComponent).join("/");
