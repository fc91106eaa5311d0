/* What a document grid has to send: one request after the other, in the order things were typed, while typing goes on.
   Without a network everything waits and is sent again by itself; the toast that says so stays until it was. */

const TIMEOUT_MS = 15000;
const AGAIN_MS = [1000, 2000, 4000, 8000];

let jobs = [];
let busy = false;
let held = false;
let failures = 0;
let timer;
let handlers;
let idle = [];

/* `handlers`: body(job) → FormData or undefined when there is nothing to send any more; path(); answered(job, response,
   page); lost(response); told(). */
export function attach(given) {
  handlers = given;
}

export const waiting = () => jobs.length;
export const isLost = () => failures > 0;

export function add(job) {
  // The same line again, not sent yet: its newest values go along with the earlier place in the queue.
  const before = jobs.find((other, at) => (at > 0 || !busy) && other.line && other.line === job.line && other.do === "line");
  if (before && job.do === "line") before.sent = job.sent;
  else jobs.push(job);
  handlers.told();
  pump();
}

/* Jobs of a line that was replaced by the server's go on with its successor. */
export function rename(before, after) {
  jobs.forEach((job) => {
    if (job.line === before) job.line = after;
  });
}

export function whenEmpty() {
  return jobs.length || held ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve();
}

/* A conflict is to be decided first. */
export function hold() {
  held = true;
}

export function release(next) {
  held = false;
  if (next) jobs.unshift(next);
  pump();
}

export function again() {
  clearTimeout(timer);
  pump();
}

function done() {
  busy = false;
  jobs.shift();
  failures = 0;
}

function wait(response) {
  busy = false;
  if (!failures) handlers.lost(response);
  timer = setTimeout(pump, AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)]);
  failures += 1;
  handlers.told();
}

async function pump() {
  if (busy || held) return;
  if (!jobs.length) {
    handlers.told();
    idle.splice(0).forEach((resolve) => resolve());
    return;
  }
  busy = true;
  clearTimeout(timer);
  const job = jobs[0];
  await job.ready;
  const body = handlers.body(job);
  if (!body) {
    done();
    pump();
    return;
  }
  let response;
  let text;
  try {
    response = await fetch(job.path ?? handlers.path(), {
      method: "POST",
      body,
      headers: { "HX-Request": "true" },
      keepalive: true,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await response.text();
  } catch {
    wait();
    return;
  }
  // Signed out, or the server is just being restarted: the line waits as it does without a network.
  if (response.status === 401 || response.status === 502 || response.status === 503) {
    wait(response);
    return;
  }
  done();
  handlers.answered(job, response, new DOMParser().parseFromString(text, "text/html"));
  pump();
}
