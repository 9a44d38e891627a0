import { deepEqual } from "../../assert.ts";
import { malicious } from "./malicious.ts";

for (
  const [name, text, expected] of [
    ["addresses that a hosts file sends nowhere", "0.0.0.0 192.0.2.1\n0.0.0.0 a.example\n", [
      "192.0.2.1",
      "a.example",
    ]],
    [
      "comments of every kind in a hosts file",
      "0.0.0.0 a.example // x.example\n0.0.0.0 b.example ; y.example\n",
      [
        "a.example",
        "b.example",
      ],
    ],
    [
      "options of browser rules that begin with a digit",
      "||a.example^$3p\n||b.example^$doc,1p\n||c.example^$frame,3p\n",
      [
        "a.example",
        "b.example",
        "c.example",
      ],
    ],
    ["browser rules before a comment", "||a.example^ ! see x.example\n||b.example^\n", [
      "a.example",
      "b.example",
    ]],
    ["patterns of uBlacklist with a scheme", "*://a.example/*\nhttps://b.example/*\n", [
      "a.example",
      "b.example",
    ]],
    [
      "browser rules for all of a host",
      "||a.example/*$image\n||b.example/*\n||c.example/^\nd.example^\n||e.example/ads/*\n",
      ["a.example", "b.example", "c.example", "d.example", "e.example/ads/"],
    ],
    [
      "names that MikroTik does not resolve",
      '/ip dns static\nadd address=0.0.0.0 name=a.example\nadd name="b.bazar" type=NXDOMAIN\n',
      ["a.example", "b.bazar"],
    ],
    [
      "rules of SmartDNS",
      "address /a.example/#\naddress /good.example/-\nnameserver /corp.example/office\naddress /b.example/0.0.0.0\n",
      ["a.example", "b.example"],
    ],
    [
      "rules of Clash",
      "payload:\n  - '+.a.example'\n  - 'b.example'\n  - DOMAIN-SUFFIX,c.bazar\n  - DOMAIN,good.example,DIRECT\n",
      ["a.example", "b.example", "c.bazar"],
    ],
    [
      "rules of Surge and Quantumult",
      "DOMAIN-SUFFIX,a.example,REJECT\nhost, b.example, reject\nIP-CIDR,192.0.2.0/24,REJECT,no-resolve\nDOMAIN-KEYWORD,shop.example,REJECT\n",
      ["192.0.2.0/24", "a.example", "b.example"],
    ],
    [
      "block lists for peers, whatever their labels",
      "Some Org, Inc:192.0.2.0-192.0.2.255\nisp.example.com:198.51.100.0-198.51.100.255\n",
      ["192.0.2.0/24", "198.51.100.0/24"],
    ],
    [
      "what Privoxy blocks, not what it lets through",
      "{{alias}}\n+crunch = +crunch-cookies\n{ +block{Advertisements.} }\n.ads.example\nbanner.example/ads/\nad*.example\n" +
      "{ -block }\n.good.example\nwww.shop.example\n{ \\\n +block{Trackers.} \\\n}\n.track.example\n{+handle-as-image}\n.img.example\n",
      ["ads.example", "banner.example/ads/", "track.example"],
    ],
    [
      "a response policy zone that only wants TCP for a name",
      "a.example CNAME .\nb.example CNAME rpz-tcp-only.\n",
      [
        "a.example",
      ],
    ],
  ] as const
) {
  Deno.test(`ioc_list reads ${name}`, () => deepEqual(malicious(text), [...expected].sort()));
}
