/** What `--timezone` says in the help: no filter reads the time zone of an upload. */
export const TIMEZONE_HELP =
  "time zone to keep with the data; no event depends on it: times that name none are UTC";
