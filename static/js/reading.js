// The meter of what is read: time passes while the page is in sight.
const REPORT_EVERY = 15_000, LONGEST_TICK = 2_500;

export function reading(needed, from) {
  let acknowledged = from, position = from, last = performance.now();
  return {
    credit: () => position,
    tick(counting) {
      const now = performance.now();
      if (counting) position = Math.min(needed, position + Math.min(now - last, LONGEST_TICK));
      last = now;
    },
    due: () => position - acknowledged >= REPORT_EVERY || (position >= needed && acknowledged < needed),
    spans: () => (Math.floor(position) > acknowledged ? [[acknowledged, Math.floor(position)]] : []),
    begin(opened) { acknowledged = position = opened.position_ms; last = performance.now(); },
    accept(credited, sent) {
      const upTo = sent[sent.length - 1][1];
      acknowledged = credited.position_ms;
      // Behind a presence check the rest waits to be reported again; otherwise reading goes on where credit ended.
      position = credited.check ? Math.max(acknowledged, position) : Math.min(needed, acknowledged + Math.max(0, position - upTo));
    },
    hold() {},
  };
}
