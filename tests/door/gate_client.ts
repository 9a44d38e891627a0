/** A client in a thread of its own, which sends on while the gate answers: posts bodies of some bytes each. */
const client = self as unknown as Worker;

client.onmessage = async ({ data: { url, bytes } }: MessageEvent<Posts>) => {
  const results: (number | string)[] = [];
  for (const length of bytes) results.push(await post(url, length));
  client.postMessage(results);
};

export type Posts = { readonly url: string; readonly bytes: readonly number[] };

/** Returns the status of the response, or the error. */
async function post(url: string, bytes: number): Promise<number | string> {
  try {
    const response = await fetch(url, { method: "POST", body: new Uint8Array(bytes) });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    return String(error);
  }
}
