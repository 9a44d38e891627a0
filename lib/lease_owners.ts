/** Owners of leases that a status lists: more workers than an installation has. */
export const LISTED_OWNERS = 100;
