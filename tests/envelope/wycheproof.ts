import { Buffer } from "node:buffer";
import { readVectors } from "../vectors.ts";

type File<Group, Test> = { testGroups: (Group & { tests: Test[] })[] };

/** Reads the cases of a Wycheproof file, each with its group's fields. */
export async function readWycheproof<Group, Test>(name: string): Promise<(Group & Test)[]> {
  const file: File<Group, Test> = JSON.parse(await readVectors(`wycheproof/${name}_test.json`));
  return file.testGroups.flatMap(({ tests, ...group }) =>
    tests.map((test) => ({ ...group as Group, ...test }))
  );
}

/** The fields of every case. */
export type WycheproofCase = { tcId: number; comment: string; result: "valid" | "invalid" };

/** A case of authenticated encryption; bytes are in hexadecimal. */
export type AeadCase = WycheproofCase & {
  key: string;
  iv: string;
  aad: string;
  msg: string;
  ct: string;
  tag: string;
};

/** A group of RSA-OAEP cases, with their key. */
export type OaepGroup = { privateKeyPem: string };
/** A case of RSA-OAEP; bytes are in hexadecimal. */
export type OaepCase = WycheproofCase & { msg: string; ct: string; label: string };

/** Decodes hexadecimal. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, "hex"));
}

/** The name that a case has in failure messages. */
export function caseName({ tcId, comment }: WycheproofCase): string {
  return `tcId ${tcId} ${comment}`;
}
