// Payment, refusal, abort, status and reversal in DZD through @adyen/api-library, which has never seen this project.
// node adyen_node.cjs <folder with node_modules> <sandbox url> <address of the readers>
// The library always speaks to port 8443 and wants a name of its own shape on the certificate: see README.md here.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const [folder, sandbox, address] = process.argv.slice(2);
const library = require(require.resolve("@adyen/api-library", { paths: [folder] }));
const Unencrypted = require(require.resolve("@adyen/api-library/lib/src/services/terminalLocalAPIUnencrypted", { paths: [folder] })).default;
const POI = "SIM1000-000000012";
const KEY = { AdyenCryptoVersion: 1, KeyIdentifier: "till-key", KeyVersion: 1, Passphrase: "open sesame" };
let number = Date.now() % 1e8;

const control = async (method, where, asked) => {
  const answer = await fetch(`${sandbox}/control/${where}`, { method, body: asked && JSON.stringify(asked) });
  const told = await answer.json();
  assert(answer.ok, JSON.stringify(told));
  return told;
};

const addReader = (passphrase) =>
  control("POST", "readers", {
    poi_id: POI, port: 8443, certificate_name: `${POI}.test.terminal.adyen.com`, passphrase, key_identifier: passphrase && "till-key",
    autopilot: true, autopilot_seconds: 0, host_seconds: 0.1, printing_seconds: 0.1,
  });

const message = (category, body, serviceId) => ({
  SaleToPOIRequest: {
    MessageHeader: {
      ProtocolVersion: "3.0", MessageClass: "Service", MessageCategory: category, MessageType: "Request",
      ServiceID: serviceId ?? String(++number), SaleID: "AG07-C1", POIID: POI,
    },
    [`${category}Request`]: body,
  },
});

const payment = (amount, reference) => ({
  SaleData: { SaleTransactionID: { TransactionID: reference, TimeStamp: new Date().toISOString() } },
  PaymentTransaction: { AmountsReq: { Currency: "DZD", RequestedAmount: amount } },
});

const reference = (category, serviceId) => ({ MessageCategory: category, SaleID: "AG07-C1", POIID: POI, ServiceID: serviceId });

const run = async (name, ask) => {
  const paidId = String(++number);
  const paid = (await ask(message("Payment", payment(1234.56, "S-1-1"), paidId))).SaleToPOIResponse.PaymentResponse;
  assert.equal(paid.Response.Result, "Success");
  assert.equal(paid.PaymentResult.AmountsResp.AuthorizedAmount, 1234.56);
  assert.equal(paid.PaymentResult.AmountsResp.Currency, "DZD");

  const status = await ask(message("TransactionStatus", { MessageReference: reference("Payment", paidId) }));
  const repeated = status.SaleToPOIResponse.TransactionStatusResponse.RepeatedMessageResponse.RepeatedResponseMessageBody;
  assert.equal(repeated.PaymentResponse.POIData.POITransactionID.TransactionID, paid.POIData.POITransactionID.TransactionID);

  const never = await ask(message("TransactionStatus", { MessageReference: reference("Payment", "NEVER") }));
  assert.equal(never.SaleToPOIResponse.TransactionStatusResponse.Response.ErrorCondition, "NotFound");

  const reversal = await ask(message("Reversal", {
    OriginalPOITransaction: { POITransactionID: paid.POIData.POITransactionID, POIID: POI, SaleID: "AG07-C1" },
    ReversalReason: "MerchantCancel",
  }));
  assert.equal(reversal.SaleToPOIResponse.ReversalResponse.Response.Result, "Success");

  await control("POST", `readers/${POI}`, { autopilot_card: "6280580610061110" });
  const refused = (await ask(message("Payment", payment(500, "S-2-1")))).SaleToPOIResponse.PaymentResponse;
  assert.equal(refused.Response.ErrorCondition, "Refusal");

  await control("POST", `readers/${POI}`, { autopilot: false });
  const abortedId = String(++number);
  const waiting = ask(message("Payment", payment(10, "S-3-1"), abortedId));
  while ((await control("GET", `readers/${POI}`)).stage !== "card");
  const empty = await ask(message("Abort", { AbortReason: "MerchantAbort", MessageReference: reference("Payment", abortedId) }));
  assert.equal(empty.SaleToPOIResponse, undefined);
  assert.equal((await waiting).SaleToPOIResponse.PaymentResponse.Response.ErrorCondition, "Aborted");

  const { transactions } = await control("GET", `readers/${POI}/transactions`);
  const left = transactions.filter((each) => each.category === "Payment")
    .reduce((sum, each) => sum + each.captured_centimes - each.returned_centimes, 0);
  assert.equal(left, 0);
  console.log(`${name}: payment, status, reversal, refusal, abort in DZD; ${transactions.length} lines, nothing left taken`);
};

const main = async () => {
  const { ca_pem: ca } = await addReader("");
  const certificate = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "reader-")), "ca.pem");
  fs.writeFileSync(certificate, ca);
  const client = () => new library.Client({
    environment: "TEST", apiKey: "none", terminalApiLocalEndpoint: `https://${address}`, certificatePath: certificate,
    connectionTimeoutMillis: 120_000,
  });
  const clear = new Unencrypted(client());
  await run("unencrypted", (asked) => clear.request(asked));

  await control("DELETE", `readers/${POI}`);
  await addReader(KEY.Passphrase);
  const secured = new library.TerminalLocalAPI(client());
  await run("encrypted, certificate checked", (asked) => secured.request(asked, KEY));
  await control("DELETE", `readers/${POI}`);

  const { ca_pem: otherCa } = await control("POST", "readers", { poi_id: POI, port: 8443, autopilot: true });
  fs.writeFileSync(certificate, otherCa);
  const strict = new library.TerminalLocalAPI(client());
  await assert.rejects(strict.request(message("Diagnosis", {}), KEY), (error) => /verify certificate/i.test(error.message));
  console.log("another name on the certificate: refused by the library");
};

main().catch((error) => { console.error(error); process.exit(1); });
