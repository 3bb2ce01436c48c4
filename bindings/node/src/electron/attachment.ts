// Connects Electron's events and messages with the parts that handle them, until `detach`.
import { clearInterval, setInterval } from "node:timers";
import type { Event, IpcMainEvent, IpcMainInvokeEvent, WebContents } from "electron";
import * as sessionReplay from "../index.js";
import { AllWindows, sourcesOf } from "./all-windows.js";
import { AppRecording, appRewrite } from "./app-recording.js";
import { directLog, logForApp } from "./attach-log.js";
import type { AttachOptions } from "./attach-options.js";
import { Calls } from "./calls.js";
import type { Client, LeaseBook } from "./clients.js";
import { EventIntake } from "./event-intake.js";
import { Leases } from "./leases.js";
import { CHANNELS, NO_LEASE, NO_SESSION, isDocumentId, type EventsReply, type Reply } from "./messages.js";
import { PageAddresses } from "./page-addresses.js";
import { PageRefusal, errorForPage, valueForPage } from "./page-view.js";
import { missingPreload } from "./preload-file.js";
import { QuitDelivery } from "./quit-delivery.js";
import { QuitHold } from "./quit-hold.js";
import { senderOf } from "./senders.js";
import { StatePublisher, send, sessionState } from "./state-publisher.js";

/** How often it is checked whether the session is still captured, and what must be masked. */
const UPDATE_INTERVAL_MS = 1_000;
/** Senders that may not record are warned of once each, up to this many. */
const MAX_SENDER_WARNINGS = 20;

export class Attachment {
  /** Where the replay shows all windows. */
  readonly #windows: AllWindows | undefined;
  readonly #leases: LeaseBook;
  readonly #intake: EventIntake;
  readonly #states: StatePublisher;
  readonly #addresses: PageAddresses;
  readonly #recording: AppRecording;
  readonly #calls: Calls;
  readonly #quitHold: QuitHold;
  /** Takes back what was begun, the newest last. */
  readonly #undo: (() => void)[] = [];
  readonly #senderWarnings = new Set<string>();

  constructor(private readonly attachOptions: AttachOptions) {
    const { app, apiKey, ownPreload } = attachOptions;
    directLog(attachOptions);
    const problem = ownPreload ? undefined : missingPreload();
    if (problem !== undefined) logForApp({ level: "error", message: problem });
    const sources = sourcesOf(attachOptions);
    const onChange = (client: Client) => this.#states.send(client);
    const windows = sources && new AllWindows(sources, attachOptions, onChange);
    this.#windows = windows;
    this.#leases = windows ? windows.leases : new Leases(onChange);
    this.#intake = new EventIntake(this.#leases, (client, lines) => {
      if (windows) windows.record(client, lines);
      else sessionReplay.recordLines(lines);
    });
    const rewrite = appRewrite(attachOptions);
    this.#states = new StatePublisher(attachOptions, rewrite, () => this.#leases.clients);
    this.#addresses = new PageAddresses(rewrite, () => this.#leases.clients);
    this.#recording = new AppRecording(attachOptions);
    this.#calls = new Calls(
      (key, given) => this.#start(key, given),
      () => attachOptions.options?.optOut !== true,
      (address) => this.#addresses.told(address),
    );
    this.#quitHold = new QuitHold(app, new QuitDelivery(attachOptions.quitTimeoutMs));
    try {
      windows?.listen();
      this.#listen();
      this.#update();
    } catch (error) {
      this.detach();
      throw error;
    }
    // A failure is logged by init.
    if (apiKey !== undefined) this.#start(apiKey, {}).catch(() => {});
  }

  #listen(): void {
    const { app, ipcMain } = this.attachOptions;
    this.#does(ipcMain.on(CHANNELS.register, this.#onRegister), () => ipcMain.removeListener(CHANNELS.register, this.#onRegister));
    this.#does(ipcMain.on(CHANNELS.address, this.#onAddress), () => ipcMain.removeListener(CHANNELS.address, this.#onAddress));
    if (this.#windows) {
      this.#does(ipcMain.on(CHANNELS.guests, this.#onGuests), () => ipcMain.removeListener(CHANNELS.guests, this.#onGuests));
    }
    this.#does(ipcMain.handle(CHANNELS.events, this.#onEvents), () => ipcMain.removeHandler(CHANNELS.events));
    this.#does(ipcMain.handle(CHANNELS.call, this.#onCall), () => ipcMain.removeHandler(CHANNELS.call));
    this.#does(app.on("browser-window-focus", this.#onFocus), () => app.removeListener("browser-window-focus", this.#onFocus));
    this.#does(app.on("before-quit", this.#onBeforeQuit), () => app.removeListener("before-quit", this.#onBeforeQuit));
    this.#does(app.on("will-quit", this.#quitHold.onWillQuit), () => app.removeListener("will-quit", this.#quitHold.onWillQuit));
    this.#does(app.on("quit", this.#quitHold.onQuit), () => app.removeListener("quit", this.#quitHold.onQuit));
    this.#does(sessionReplay.on("session", this.#update), () => sessionReplay.off("session", this.#update));
    this.#does(sessionReplay.on("needs-full-snapshot", this.#onNeedsFullSnapshot), () =>
      sessionReplay.off("needs-full-snapshot", this.#onNeedsFullSnapshot),
    );
    const timer = setInterval(this.#update, UPDATE_INTERVAL_MS).unref();
    this.#undo.push(() => clearInterval(timer));
  }

  /** Something was begun, and this takes it back. */
  #does(_begun: unknown, undo: () => void): void {
    this.#undo.push(undo);
  }

  detach(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#leases.isEnabled = false;
    this.#windows?.end();
  }

  async #start(...given: Parameters<AppRecording["start"]>): Promise<void> {
    try {
      await this.#recording.start(...given);
    } finally {
      this.#update();
    }
  }

  readonly #onRegister = (event: IpcMainEvent, document: unknown, address: unknown): void => {
    const client = this.#clientOf(event);
    if (!client?.calls.tryTake(1) || !isDocumentId(document)) return;
    this.#leases.register(client, document);
    this.#onAddressOf(client, address);
  };

  readonly #onAddress = (event: IpcMainEvent, document: unknown, address: unknown): void => {
    const client = this.#clientOf(event);
    if (client && client.document === document) this.#onAddressOf(client, address);
  };

  #onAddressOf(client: Client, address: unknown): void {
    this.#addresses.tell(client, address);
    this.#update();
  }

  readonly #onGuests = (event: IpcMainEvent, document: unknown, text: unknown): void => {
    const client = this.#windows && this.#clientOf(event);
    if (client && isDocumentId(document)) this.#windows?.placeGuests(client, document, text);
  };

  readonly #onEvents = (event: IpcMainInvokeEvent, document: unknown, lease: unknown, lines: unknown): EventsReply => {
    const client = this.#clientOf(event);
    return client ? this.#intake.take(client, document, lease, lines) : "lost";
  };

  readonly #onCall = async (event: IpcMainInvokeEvent, name: unknown, json: unknown): Promise<Reply> => {
    const client = this.#clientOf(event);
    try {
      if (!client) throw new PageRefusal("this page may not record; see allowedOrigins");
      if (!client.calls.tryTake(1)) throw new PageRefusal("this page calls too often");
      const value = valueForPage(await this.#calls.answer(name, json));
      return { ok: true, value, state: sessionState() };
    } catch (error) {
      return { ...errorForPage(name, error), state: client ? sessionState() : NO_SESSION };
    } finally {
      this.#update();
    }
  };

  readonly #onFocus = (_event: Event, { webContents }: { webContents: WebContents }): void =>
    this.#leases.focus(webContents.id);

  readonly #onNeedsFullSnapshot = (view?: number): void => {
    this.#update();
    for (const { contents, lease, usedLease } of this.#leases.recordersOf(view)) {
      // A new lease begins with a full snapshot in any case.
      if (lease !== NO_LEASE && lease === usedLease) send(contents, CHANNELS.snapshot, lease);
    }
  };

  /** Delivery begins while the windows still close. */
  readonly #onBeforeQuit = (event: Event): void => {
    if (sessionReplay.stats().state !== "not-initialized") sessionReplay.flush(0).catch(() => {});
    this.#quitHold.onBeforeQuit(event);
  };

  /** Applies what has changed in the session to the windows. */
  readonly #update = (): void => {
    this.#addresses.update();
    // With `sessionTimeoutMs` the first event begins a session: some document has to record it.
    this.#leases.isEnabled = ["capturing", "held", "waiting-for-event"].includes(sessionReplay.stats().state);
    this.#states.publishChanges();
    this.#windows?.place();
  };

  #clientOf(event: IpcMainEvent | IpcMainInvokeEvent): Client | undefined {
    const { contents, problem } = senderOf(event, this.attachOptions.allowedOrigins, this.#windows !== undefined);
    if (contents && problem === undefined) {
      this.#windows?.onSender(contents);
      return this.#leases.client(contents);
    }
    // A window that shows a foreign page now must record no more.
    if (contents) this.#leases.unregister(contents.id);
    if (problem !== undefined) this.#warnOfSender(problem);
    return undefined;
  }

  #warnOfSender(problem: string): void {
    if (this.#senderWarnings.has(problem) || this.#senderWarnings.size >= MAX_SENDER_WARNINGS) return;
    this.#senderWarnings.add(problem);
    logForApp({ level: "warn", message: `a page may not record: ${problem}` });
  }
}
