/**
 * A line that begins a message in an mbox file (RFC 4155): `From `, the sender, and a time such as
 * `Thu Jan  1 00:00:00 2026`. A header follows, as it does in no paragraph of a text.
 */
const MESSAGE_START =
  /(?<![^\n])From [^\r\n]*\d:\d\d[^\r\n]*\r?\n(?=>?From [^\r\n]*\r?\n|[!-9;-~]+:)/g;

/**
 * The messages of an mbox file, without the lines that separate them; `From ` at the start of a
 * line, which such files quote as `>From `, is restored. A text that does not begin as an mbox, or
 * holds only one message, is one message and stays as it is.
 */
export function splitMbox(text: string): readonly string[] {
  const starts = [...text.matchAll(MESSAGE_START)];
  if (starts.length < 2 || text.slice(0, starts[0]!.index).trim() !== "") return [text];
  return starts.map((start, number) => {
    const from = start.index + start[0].length;
    const message = text.slice(from, starts[number + 1]?.index);
    // The empty line before the next message belongs to the file.
    return message.replace(/(?<=\n)\r?\n$/, "").replace(/^>(>*From )/gm, "$1");
  });
}
