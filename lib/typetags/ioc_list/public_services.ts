import type { Indicator } from "../../indicators/recognise.ts";
import { urlHost } from "../../indicators/url_host.ts";

/** Resolvers that anybody may ask for names, so that a sentence says with them how one was looked up. */
const PUBLIC_RESOLVERS: ReadonlySet<string> = new Set(
  ("1.0.0.1 1.0.0.2 1.0.0.3 1.1.1.1 1.1.1.2 1.1.1.3 4.2.2.1 4.2.2.2 8.8.4.4 8.8.8.8 8.20.247.20 8.26.56.26 " +
    "9.9.9.9 9.9.9.10 9.9.9.11 64.6.64.6 64.6.65.6 76.76.2.0 76.76.10.0 77.88.8.1 77.88.8.8 84.200.69.80 " +
    "84.200.70.40 94.140.14.14 94.140.15.15 114.114.114.114 114.114.115.115 119.29.29.29 149.112.112.112 " +
    "180.76.76.76 185.228.168.9 185.228.169.9 195.46.39.39 208.67.220.220 208.67.222.222 223.5.5.5 223.6.6.6 " +
    "2001:4860:4860::8844 2001:4860:4860::8888 2606:4700:4700::1001 2606:4700:4700::1111 2620:119:35::35 " +
    "2620:119:53::53 2620:fe::9 2620:fe::fe").split(" "),
);

/** Sites that tell about indicators: sentences refer to them. */
const ANALYSIS_SITE =
  /(?:^|\.)(?:any\.run|tria\.ge|virustotal\.com|urlscan\.io|hybrid-analysis\.com|joesandbox\.com|intezer\.com|abuse\.ch|alienvault\.com|mitre\.org|nist\.gov|shodan\.io|censys\.io|abuseipdb\.com|greynoise\.io)$/;

/** True for a resolver or site that sentences name because it helped to find something out. */
export function isPublicService(indicator: Indicator | undefined): boolean {
  if (indicator === undefined) return false;
  const { subType, data } = indicator;
  const host = subType === "url" ? urlHost(data)?.data ?? "" : data;
  return PUBLIC_RESOLVERS.has(host) ||
    (/^(?:url|domain)$/.test(subType) && ANALYSIS_SITE.test(host));
}
