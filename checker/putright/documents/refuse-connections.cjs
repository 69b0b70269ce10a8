// Loaded by Node.js before Jupyter Book: refuses every connection to another machine, and every question for one.
"use strict";
const dgram = require("node:dgram");
const dns = require("node:dns");
const net = require("node:net");

const HOME = /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i;
const refused = (host) =>
  Object.assign(new Error(`putright refuses a connection to ${host}`), { code: "ECONNREFUSED", host });
const isHome = (host) => host === undefined || host === null || host === "" || HOME.test(host);

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  // Node.js passes [options, callback] within, and options or a port and a host from without.
  const first = Array.isArray(given[0]) ? given[0][0] : given[0];
  const host = first !== null && typeof first === "object" ? first.host : typeof given[1] === "string" ? given[1] : null;
  if (isHome(host)) return connect.apply(this, given);
  process.nextTick(() => this.destroy(refused(host)));
  return this;
};

for (const name of Object.keys(dns).filter((each) => /^(lookup|resolve|reverse)/.test(each))) {
  const asked = dns[name];
  dns[name] = (host, ...rest) => (isHome(host) ? asked(host, ...rest) : rest.at(-1)(refused(host)));
}
for (const name of Object.keys(dns.promises).filter((each) => /^(lookup|resolve|reverse)/.test(each))) {
  const asked = dns.promises[name];
  dns.promises[name] = async (host, ...rest) => {
    if (isHome(host)) return asked(host, ...rest);
    throw refused(host);
  };
}
dgram.Socket.prototype.send = function () {
  throw refused("another machine");
};
