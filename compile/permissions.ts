/** Names of the environment that both programs read. */
const ENV = [
  "CYBEXP_*",
  "CREDENTIALS_DIRECTORY",
  "HOME",
  "JOURNAL_STREAM",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  // What systemd gives a service of Type=notify.
  "NOTIFY_SOCKET",
  "RUNTIME_DIRECTORY",
  "WATCHDOG_PID",
  "WATCHDOG_USEC",
  // Colour: ours and commander's.
  "CLICOLOR_FORCE",
  "FORCE_COLOR",
  "NO_COLOR",
];

/** What the MongoDB driver reads; without leave it does not connect. */
const MONGODB_ENV = [
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "FUNCTIONS_WORKER_RUNTIME",
  "FUNCTION_MEMORY_MB",
  "FUNCTION_NAME",
  "FUNCTION_REGION",
  "FUNCTION_TIMEOUT_SEC",
  "KUBERNETES_SERVICE_HOST",
  "K_SERVICE",
  "MONGODB_*",
  "VERCEL",
  "VERCEL_REGION",
];

/** What no program of ours may do, whatever it imports. */
const NEVER = ["--no-prompt", "--deny-run", "--deny-ffi"];

/**
 * What each program may do: flags for `deno compile`. Files and hosts are the configuration's to
 * name, so reading, writing and the network cannot be narrowed before it is read.
 */
export const permissions: { readonly [program: string]: readonly string[] } = {
  archive: flags([...ENV, ...MONGODB_ENV, "TINYGLOBBY_DEBUG"]),
  report: flags([...ENV, ...MONGODB_ENV]),
};

function flags(env: readonly string[]): readonly string[] {
  return [
    ...NEVER,
    "--allow-read",
    "--allow-write",
    "--allow-net",
    `--allow-env=${env.join(",")}`,
    "--allow-sys=hostname,osRelease,uid,gid",
  ];
}
