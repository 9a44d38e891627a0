import { equal } from "./assert.ts";
import { maskUrl, maskUrls } from "../lib/mask.ts";

const CASES: [name: string, url: string, masked: string][] = [
  ["no user", "mongodb://db.example.com/?w=1", "mongodb://db.example.com/?w=1"],
  [
    "user and password",
    "mongodb://ann:s3cret@db.example.com/",
    "mongodb://ann:***@db.example.com/",
  ],
  ["a user name that may be a token", "https://s3cret@example.com/", "https://***@example.com/"],
  ["srv", "mongodb+srv://ann:s3cret@example.com", "mongodb+srv://ann:***@example.com"],
  ["@ in the password", "mongodb://ann:s3@cret@example.com", "mongodb://ann:***@example.com"],
  ["/ in the password", "mongodb://ann:s3/cret@example.com", "mongodb://ann:***@example.com"],
  ["space in the password", "mongodb://ann:s3 cret@example.com", "mongodb://ann:***@example.com"],
  ["no password", "mongodb://ann:@example.com", "mongodb://ann:***@example.com"],
  ["a port, not a password", "mongodb://example.com:27017/", "mongodb://example.com:27017/"],
  [
    "options with secrets",
    "mongodb://example.com/?tls=true&tlsCertificateKeyFilePassword=s3cret&w=1",
    "mongodb://example.com/?tls=true&tlsCertificateKeyFilePassword=***&w=1",
  ],
  [
    "options with secrets behind a user",
    "mongodb://ann:x@example.com/?authMechanismProperties=AWS_SESSION_TOKEN:s3cret",
    "mongodb://ann:***@example.com/?authMechanismProperties=***",
  ],
  ["a path with @", "sqlite:/home/ann@example.com/lake.db", "sqlite:/home/ann@example.com/lake.db"],
];

for (const [name, url, masked] of CASES) {
  Deno.test(`maskUrl: ${name}`, () => {
    equal(maskUrl(url), masked);
  });
}

Deno.test("maskUrls masks every URL in a text and nothing else", () => {
  equal(
    maskUrls("Cannot reach mongodb://a:b@192.0.2.1 (user@host), nor https://c:d@example.com/"),
    "Cannot reach mongodb://a:***@192.0.2.1 (user@host), nor https://c:***@example.com/",
  );
});
