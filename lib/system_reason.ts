/** Reasons by the number of the system's error (Linux, errno.h). */
const REASONS: ReadonlyMap<number, string> = new Map([
  [1, "its owner or mode forbids it"],
  [2, "there is no such file or folder"],
  [5, "the disk reports an input or output error"],
  [13, "its owner or mode forbids it"],
  [17, "it exists already"],
  [20, "a part of its path is a file, not a folder"],
  [21, "it is a folder"],
  [23, "too many files are open on this machine"],
  [24, "this program has too many files open"],
  [28, "the disk is full"],
  [30, "its file system is read-only"],
  [36, "its name is too long"],
  [39, "the folder is not empty"],
  [40, "its links lead in a circle"],
  [98, "another program uses it"],
  [99, "this machine has no such address"],
  [101, "no network leads there"],
  [110, "no answer came in time"],
  [111, "the connection is refused: nothing listens there"],
  [113, "no such machine answers"],
  [122, "the quota of its owner is used up"],
]);

/** The system's message and what follows it, which names the path: `… (os error 2): readfile '/x'`. */
const SYSTEM_MESSAGE = /^(?<text>.*?) \(os error (?<number>\d+)\)/s;

/** Says in plain words why the system refused, if that is what an error's message tells. */
export function systemReason(error: Error): string | undefined {
  const { text, number } = SYSTEM_MESSAGE.exec(error.message)?.groups ?? {};
  if (number !== undefined) return REASONS.get(Number(number)) ?? text;
  if (error instanceof Deno.errors.NotFound) return REASONS.get(2);
  return undefined;
}

/** The path that the system's message names, if it names one. */
export function systemPath(error: Error): string | undefined {
  if (!SYSTEM_MESSAGE.test(error.message)) return undefined;
  return /'([^']+)'$/.exec(error.message)?.[1];
}
