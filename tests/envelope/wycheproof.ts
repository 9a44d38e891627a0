import { Buffer } from "node:buffer";
import { readVectors } from "../vectors.ts";

type File<Group, Test> = { testGroups: (Group & { tests: Test[] })[] };

/** The cases of a Wycheproof file, each with its group's fields. */
export async function readWycheproof<Group, Test>(name: string): Promise<(Group & Test)[]> {
  const file: File<Group, Test> = JSON.parse(await readVectors(`wycheproof/${name}_test.json`));
  return file.testGroups.flatMap(({ tests, ...group }) =>
    tests.map((test) => ({ ...group as Group, ...test }))
  );
}

/** What every case has. */
export type Case = { tcId: number; comment: string; result: "valid" | "invalid" };

/** A case of authenticated encryption, bytes in hexadecimal. */
export type AeadCase = Case & {
  key: string;
  iv: string;
  aad: string;
  msg: string;
  ct: string;
  tag: string;
};

/** Cases of RSA-OAEP, each group with one key. */
export type OaepGroup = { privateKeyPem: string };
export type OaepCase = Case & { msg: string; ct: string; label: string };

/** Bytes of hexadecimal text. */
export function unhex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, "hex"));
}

/** How a case is named when it fails. */
export function caseName({ tcId, comment }: Case): string {
  return `tcId ${tcId} ${comment}`;
}
