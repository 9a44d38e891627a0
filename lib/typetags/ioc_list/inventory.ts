import { plainName } from "./column_names.ts";

const MACHINES = "an inventory of machines";

/** Columns by which a table is about what somebody owns, uses or knows. */
const OWN_COLUMNS: readonly { readonly what: string; readonly column: RegExp }[] = [
  {
    what: "the findings of a vulnerability scan",
    column: /^(?:pluginid|nvt(?:name|oid)?|qid)$/,
  },
  { what: "a list of leases", column: /^(?:lease\w*|dhcpscope)$/ },
  {
    what: "a list of certificates",
    column: /^(?:not(?:after|before)|valid(?:from|to))$/,
  },
  {
    what: "the history of a browser",
    column: /^(?:visit(?:count|time)|lastvisit(?:ed|time)?(?:utc)?|typedcount)$/,
  },
  { what: "a list of DNS records", column: /^(?:ttl|recordtype|rrset)$/ },
  {
    what: "a list of people",
    column: /^(?:firstname|lastname|surname|givenname|jobtitle|lastlogin\w*)$/,
  },
  {
    what: MACHINES,
    column: new RegExp(
      "^(?:" + [
        "(?:asset|device|machine|computer|instance|inventory|workstation)(?:id|tag|name|type|number|class)|asset|computer|workstation",
        "(?:asset|system|device|server|business|application|service)owner|custodian|serialnumber",
        "mac(?:addr(?:ess)?)?|vlan(?:id)?|rack|patchlevel|department|dept|businessunit|costcent(?:er|re)|employee",
        "environment|env|vcpus?|hypervisor|datacent(?:er|re)|lanip|privateip(?:address)?",
      ].join("|") + ")$",
    ),
  },
];

/** Columns of inventories that lists of indicators have, too, but not beside names and addresses. */
const SHARED_COLUMN =
  /^(?:owner|role|purpose|site|gateway|cluster|cpus?|memory(?:mb|gb)?|ram|building|room|(?:operating|guest)?os(?:name|version)?|operatingsystem)$/;
const ADDRESS_COLUMN = /^(?:ip(?:v[46])?(?:addr(?:ess)?)?|addr(?:ess)?|(?:internal|public)ip)$/;
const MACHINE_COLUMN = /^(?:host(?:name)?|fqdn|(?:server|dns)?(?:name)|server)$/;

/** Columns of lists about attackers, whatever else they say of them. */
const HOSTILE_COLUMN =
  /malicious|malware|threat|attack|actor|campaign|famil|botnet|phish|^c2|cnc|ioc|indicator|observable|abuse|confidence|score|reputation|^tags?$|tlp|seen|reported|detect|list(?:ed|ing)|block|banned|toids|verdict|classification|sighting|victim|target|country|^cc$|^asn?|isp/;

/** When a machine or an attacker was last seen. */
const LAST_SEEN = /^lastseen/;

/**
 * Says what a table with columns of these names is, if it lists what somebody owns, uses or knows.
 * Undefined for all others, among them those with any column about attackers. When something was last
 * seen, an inventory of machines says, too.
 */
export function inventoryOf(names: readonly string[]): string | undefined {
  const plain = names.map(plainName);
  const [scan] = OWN_COLUMNS;
  if (plain.some((name) => scan!.column.test(name))) return scan!.what;
  const hostile = plain.filter((name) => HOSTILE_COLUMN.test(name) && !isOwn(name));
  if (!hostile.every((name) => LAST_SEEN.test(name))) return undefined;
  const own = OWN_COLUMNS.find(({ column }) => plain.some((name) => column.test(name)))?.what;
  if (hostile.length > 0) return own === MACHINES ? own : undefined;
  return own ?? (areMachines(plain) ? MACHINES : undefined);
}

function isOwn(name: string): boolean {
  return OWN_COLUMNS.some(({ column }) => column.test(name));
}

function areMachines(plain: readonly string[]): boolean {
  const has = (column: RegExp) => plain.some((name) => column.test(name));
  return has(SHARED_COLUMN) && has(ADDRESS_COLUMN) && has(MACHINE_COLUMN);
}
