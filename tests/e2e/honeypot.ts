import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../cli/free_port.ts";
import { until } from "./until.ts";

/** A Cowrie that runs on the loopback interface, and attackers for it. */
export type Honeypot = {
  /** Address of a server with `/payload.sh`, from which an attacker can make Cowrie download. */
  readonly server: string;
  /** Runs a client of OpenSSH with a password and standard input, and returns its exit code. */
  attack(client: "ssh" | "scp" | "sftp", args: readonly string[], by: Attacker): Promise<number>;
  /** A private key that an attacker may offer. */
  readonly key: string;
  /** Stops Cowrie, and returns the path of its log. */
  stop(): Promise<string>;
  close(): Promise<void>;
};

export type Attacker = { readonly password: string; readonly input?: string };

/** `nobody` on every Linux: Cowrie does not run as root. */
const UNPRIVILEGED = Deno.uid() === 0 ? { uid: 65534, gid: 65534 } : {};

/** Installs and starts Cowrie; undefined if Python can make no environment to install it in. */
export async function startHoneypot(): Promise<Honeypot | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "cybexp-cowrie-" });
  await Deno.chmod(folder, 0o777);
  const environment = await installCowrie(folder);
  if (environment === undefined) {
    await Deno.remove(folder, { recursive: true });
    return undefined;
  }
  const port = freePort();
  const pot = join(folder, "pot");
  const cowrie = await startCowrie(environment, pot, port);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) =>
      new URL(request.url).pathname === "/payload.sh"
        ? new Response("#!/bin/sh\n")
        : new Response("none", { status: 404 }),
  );
  const key = join(folder, "key");
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) cowrie.kill("SIGTERM");
    isStopped = true;
    await cowrie.status;
    return join(pot, "var/log/cowrie/cowrie.json");
  };
  return {
    server: `http://127.0.0.1:${server.addr.port}`,
    key,
    attack: (client, args, by) => attack(client, args, { ...by, folder, port }),
    stop,
    close: async () => {
      await stop();
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The folder of Cowrie's environment: that of `CYBEXP_TEST_COWRIE`, or a new one. */
async function installCowrie(folder: string): Promise<string | undefined> {
  const installed = Deno.env.get("CYBEXP_TEST_COWRIE");
  if (installed) return installed;
  const environment = join(folder, "environment");
  const script = fileURLToPath(new URL("../../.ci/cowrie", import.meta.url));
  const { code } = await new Deno.Command(script, { args: [environment] }).output();
  if (code === 3) return undefined;
  if (code !== 0) throw new Error(`Cannot install Cowrie: .ci/cowrie exits with ${code}`);
  return environment;
}

async function startCowrie(
  environment: string,
  pot: string,
  port: number,
): Promise<Deno.ChildProcess> {
  await Deno.mkdir(pot);
  await Deno.chmod(pot, 0o777);
  const bin = join(environment, "bin");
  const options = {
    ...UNPRIVILEGED,
    cwd: pot,
    env: { PATH: `${bin}:${Deno.env.get("PATH")}`, HOME: pot },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  } as const;
  const { code } = await new Deno.Command(join(bin, "cowrie"), { ...options, args: ["init"] })
    .output();
  if (code !== 0) throw new Error(`Cannot set up Cowrie: it exits with ${code}`);
  await Deno.writeTextFile(
    join(pot, "etc/cowrie.cfg"),
    `[ssh]\nlisten_endpoints = tcp:${port}:interface=127.0.0.1\n[telnet]\nenabled = false\n`,
  );
  const args = ["--nodaemon", "--umask=0022", "--pidfile=", "cowrie"];
  const cowrie = new Deno.Command(join(bin, "twistd"), { ...options, args }).spawn();
  await until(() => isListening(port), 60_000, "Cowrie does not listen");
  return cowrie;
}

async function isListening(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

async function attack(
  client: string,
  args: readonly string[],
  { password, input = "", folder, port }: Attacker & { folder: string; port: number },
): Promise<number> {
  const askpass = join(folder, "askpass");
  await Deno.writeTextFile(askpass, `#!/bin/sh\necho ${password}\n`, { mode: 0o755 });
  const settings = [
    `Port=${port}`,
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "LogLevel=ERROR",
    "NumberOfPasswordPrompts=1",
    "ConnectTimeout=20",
  ].flatMap((setting) => ["-o", setting]);
  const child = new Deno.Command(client, {
    args: [...settings, ...args],
    env: { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: "force", SSH_AUTH_SOCK: "" },
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timeout = setTimeout(() => child.kill("SIGKILL"), 30_000);
  const writer = child.stdin.getWriter();
  // The client may end without reading all of it.
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { code } = await child.status;
  clearTimeout(timeout);
  return code;
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { code } = await new Deno.Command(command, { args: [...args], stdout: "null" }).output();
  if (code !== 0) throw new Error(`${command} exits with ${code}`);
}
