/** Environment variables that both programs read. */
const ENV = [
  "CYBEXP_*",
  "CREDENTIALS_DIRECTORY",
  "HOME",
  "JOURNAL_STREAM",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  // systemd sets these for a service of Type=notify.
  "NOTIFY_SOCKET",
  "RUNTIME_DIRECTORY",
  "WATCHDOG_PID",
  "WATCHDOG_USEC",
  // These control colour: ours and commander's.
  "CLICOLOR_FORCE",
  "FORCE_COLOR",
  "NO_COLOR",
];

/** Environment variables that the MongoDB driver reads; without permission it does not connect. */
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

/** Flags for what none of our programs may do, whatever it imports. */
const NEVER = ["--no-prompt", "--deny-run", "--deny-ffi"];

/**
 * Permissions of each program, as flags for `deno compile`. The configuration names files and
 * hosts, so reading, writing and the network cannot be narrowed before it has been read.
 */
export const PERMISSIONS: { readonly [program: string]: readonly string[] } = {
  archive: permissionFlags([...ENV, ...MONGODB_ENV, "TINYGLOBBY_DEBUG"]),
  report: permissionFlags([...ENV, ...MONGODB_ENV]),
};

function permissionFlags(env: readonly string[]): readonly string[] {
  return [
    ...NEVER,
    "--allow-read",
    "--allow-write",
    "--allow-net",
    `--allow-env=${env.join(",")}`,
    "--allow-sys=hostname,osRelease,uid,gid",
  ];
}
