// How the page is masked now: what its privacy configuration, the rules about addresses and a page around this one say.

import type { MaskLevel } from "../model/shared";
import { AddressFilter } from "./address-filter";
import { parsePrivacyConfig, type Privacy } from "./config";
import { LevelWatch } from "./level-watch";
import { Mask } from "./mask";
import type { Sanitizer } from "./sanitizer";

export interface MaskingOptions {
  /** What masks whole events by this mask. Addresses go through `told`. */
  makeSanitizer: (mask: Mask, told: (href: string) => string) => Sanitizer;
  /** What the host makes of addresses. */
  rewrite: ((text: string) => string) | undefined;
}

export class Masking {
  privacy: Privacy;
  mask: Mask;
  sanitizer: Sanitizer;
  private floor: MaskLevel = "light";
  private readonly levels = new LevelWatch();
  private readonly addresses = new AddressFilter();

  constructor(
    config: unknown,
    private readonly options: MaskingOptions,
  ) {
    this.privacy = parsePrivacyConfig(config);
    this.mask = new Mask(this.privacy);
    this.sanitizer = options.makeSanitizer(this.mask, this.told);
  }

  /** Masks by this from now on. A full snapshot has to follow. */
  setConfig(config: unknown): void {
    this.privacy = parsePrivacyConfig(config);
    this.renew();
    // What comes before that full snapshot needs no other.
    this.onFullSnapshot();
  }

  /** Masks at this level at least from now on. */
  setFloor(level: MaskLevel): void {
    this.floor = level;
    this.renew();
  }

  /** `ugcFilterRules`. */
  setAddressRules(rules: unknown): void {
    this.addresses.set(rules);
  }

  /** An address as it may be told: rules are for how it reads on every machine, so the host's rewriting comes first. */
  readonly told = (href: string): string => this.addresses.told(this.options.rewrite?.(href) ?? href);

  /** The mask, for use between events of rrweb's: since the last one, the page may have changed. */
  get fresh(): Mask {
    this.mask.refresh();
    return this.mask;
  }

  onFullSnapshot(): void {
    this.levels.onFullSnapshot(this.mask.levelInForce);
  }

  /** To be asked after each event; true: what was recorded of the document was masked less than it has to be now. */
  get isTooLoose(): boolean {
    return this.levels.isStricter(this.mask.levelInForce);
  }

  /** As {@link isTooLoose}, at the page's address as it is now. */
  get isStillTooLoose(): boolean {
    return this.levels.isStricter(this.mask.currentLevel());
  }

  /**
   * To be called when the page has left this address: what it changed there before, in the same turn, is told afterwards,
   * and has to be masked as there.
   */
  onAddressLeft(href: string): void {
    this.mask.keepLevelOf(href);
  }

  private renew(): void {
    this.mask = new Mask(this.privacy, this.floor);
    this.sanitizer = this.options.makeSanitizer(this.mask, this.told);
  }
}
