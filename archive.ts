import manifest from "./deno.json" with { type: "json" };
import { backupCommand } from "./lib/cli/archive/backup.ts";
import { configCommand } from "./lib/cli/config.ts";
import { KEYS_CHECK, placesCheck, storeCheck } from "./lib/cli/checks.ts";
import { doctorCommand } from "./lib/cli/doctor.ts";
import { forgetCommand } from "./lib/cli/archive/forget.ts";
import { importCommand } from "./lib/cli/archive/import.ts";
import { keygenCommand } from "./lib/cli/archive/keygen.ts";
import { runProgram } from "./lib/cli/program.ts";
import { purgeCommand } from "./lib/cli/archive/purge.ts";
import { quarantineCommand } from "./lib/cli/archive/quarantine.ts";
import { reparseCommand } from "./lib/cli/archive/reparse.ts";
import { runCommand } from "./lib/cli/archive/run.ts";
import { statusCommand } from "./lib/cli/archive/status.ts";
import { submitCommand } from "./lib/cli/archive/submit.ts";
import { typesCommand } from "./lib/cli/archive/types.ts";
import { verifyCommand } from "./lib/cli/archive/verify.ts";
import { databases } from "./stores.ts";

const code = await runProgram({
  name: "archive",
  description: "Move encrypted uploads from the cache lake into the archive of TAHOE instances.",
  version: manifest.version,
  examples: [
    "archive keygen",
    "archive import cowrie.json --type cowrie --org example",
    "archive submit events.json --type cowrie --org example",
    "archive run --once",
    "archive status",
  ],
  commands: [
    runCommand,
    submitCommand,
    importCommand,
    typesCommand,
    statusCommand,
    quarantineCommand,
    reparseCommand,
    forgetCommand,
    purgeCommand,
    verifyCommand,
    backupCommand,
    keygenCommand,
    doctorCommand([
      placesCheck(["cache", "archive", "identity"]),
      storeCheck("cache lake", "cache"),
      storeCheck("archive", "archive"),
      KEYS_CHECK,
    ]),
    configCommand,
  ],
  databases,
  exit: Deno.exit,
}, Deno.args);
Deno.exit(code);
