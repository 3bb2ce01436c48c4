// Which of a session's times belong together. One event of 1970 among those of today would make a replay of decades.

/** Times further apart than this are of two clocks: no session waits a week. */
export const MAX_DISTANCE_MS = 7 * 86_400_000;

/** Units that a clock may tell, and in which a number of this size is a time of our days; in milliseconds each would be of another age. */
const UNITS = [
  { name: "seconds", from: 1e9, to: 1e10, advice: "multiply them by 1,000" },
  { name: "microseconds", from: 1e15, to: 1e16, advice: "divide them by 1,000" },
  { name: "nanoseconds", from: 1e18, to: 1e19, advice: "divide them by 1,000,000" },
] as const;

export type Unit = (typeof UNITS)[number];

/** More clocks are not told apart: each event may claim one of its own. */
const MAX_CLUSTERS = 64;

/** Times that are near each other. */
interface Cluster {
  from: number;
  to: number;
  count: number;
}

export class Clock {
  private readonly clusters: Cluster[] = [];
  private main: Cluster | null = null;

  /** Learns a time; says whether the session's own clock has become another one. `arrived` decides between equals. */
  add(time: number, arrived: number): boolean {
    const near = this.clusters.filter(({ from, to }) => time >= from - MAX_DISTANCE_MS && time <= to + MAX_DISTANCE_MS);
    const [cluster = { from: time, to: time, count: 0 }, ...joined] = near;
    if (near.length === 0) {
      if (this.clusters.length === MAX_CLUSTERS) return false;
      this.clusters.push(cluster);
    }
    for (const other of joined) {
      this.clusters.splice(this.clusters.indexOf(other), 1);
      grow(cluster, other.from, other.to, other.count);
    }
    grow(cluster, time, time, 1);
    const before = this.main;
    const isGone = before !== null && joined.includes(before);
    if (before === null || isGone || isBetter(cluster, before, arrived)) this.main = cluster;
    return before !== null && (this.main !== before || joined.length > 0);
  }

  /** Whether a time is not by the session's own clock. */
  isStray(time: number): boolean {
    return this.main !== null && (time < this.main.from || time > this.main.to);
  }

  /** When the session begins. */
  get start(): number {
    return this.main?.from ?? 0;
  }
}

function grow(cluster: Cluster, from: number, to: number, count: number): void {
  cluster.from = Math.min(cluster.from, from);
  cluster.to = Math.max(cluster.to, to);
  cluster.count += count;
}

function isBetter(one: Cluster, other: Cluster, arrived: number): boolean {
  if (one === other) return false;
  const distance = ({ to }: Cluster) => Math.abs(arrived - to);
  return one.count > other.count || (one.count === other.count && distance(one) < distance(other));
}

/** The unit that a time is in, where milliseconds are meant; null: it may be milliseconds. */
export const otherUnit = (time: number): Unit | null => UNITS.find(({ from, to }) => time >= from && time < to) ?? null;
