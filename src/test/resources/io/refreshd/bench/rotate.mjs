// rotate.mjs ENDPOINT FOLDER GRANTS OPENID_CLIENT
// Keeps refresh tokens in files with openid-client: each successor is on the disk before it takes
// the place of its predecessor. A line "IN_FLIGHT MILLIS" makes it rotate for so long, so many at
// once; it answers how many it did. OPENID_CLIENT is where npm has installed it.
import { open, readFile, rename } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.argv[5], "package.json"));
const oidc = await import(pathToFileURL(require.resolve("openid-client")));

const [base, folder, grants] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const scope = "https://api.partnercenter.microsoft.com/user_impersonation";
const client = new oidc.Configuration(
  { issuer: base, token_endpoint: `${base}/tenant/oauth2/v2.0/token` },
  "66666666-7777-8888-9999-000000000000",
  undefined,
  oidc.ClientSecretPost("bench-client-secret"),
);
oidc.allowInsecureRequests(client); // the endpoint is on this machine

async function writeWhole(path, text) {
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

async function rotate(path) {
  const token = await readFile(path, "utf8");
  const answer = await oidc.refreshTokenGrant(client, token, { scope });
  await writeWhole(path, answer.refresh_token);
}

const paths = Array.from({ length: grants }, (_, number) => join(folder, String(number)));
for (const path of paths) {
  await writeWhole(path, `1.first-token-of-${path}`);
}
console.log("ready");

let started = 0;
for await (const order of createInterface({ input: process.stdin })) {
  const [inFlight, millis] = order.split(" ").map(Number);
  const before = started;
  const end = performance.now() + millis;
  const rotateUntilEnd = async () => {
    while (performance.now() < end) {
      await rotate(paths[started++ % grants]);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, rotateUntilEnd));
  console.log(started - before);
}
