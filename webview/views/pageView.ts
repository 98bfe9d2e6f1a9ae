// The page as a whole: its parts in their places, drawn from the lens once a frame.

import type { TableDetails } from '../../src/protocol/messages.ts';
import { FamilyTabs } from '../controls/familyTabs.ts';
import { createIcon } from '../controls/icons.ts';
import type { ConsoleControl } from '../controls/console.ts';
import { iconButton } from '../controls/playbackBar.ts';
import type { PlaybackBar } from '../controls/playbackBar.ts';
import type { ModeSwitch } from '../controls/modeSwitch.ts';
import type { Recorder } from '../controls/recorder.ts';
import type { WorkNotices } from '../controls/workNotices.ts';
import type { StageOptions } from '../layout/stagePicture.ts';
import { StageLayouter } from '../layout/stagePicture.ts';
import type { TableColouring } from '../layout/tableColour.ts';
import type { TextMeasure } from '../layout/textMeasure.ts';
import { actingFamily, familyShown, heldBack } from '../model/families.ts';
import type { Frame } from '../model/frame.ts';
import { inspect } from '../model/inspection.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { readKeysAs } from '../model/keyText.ts';
import { OWN_ENGINE } from '../model/lens.ts';
import type { Lens } from '../model/lens.ts';
import { narrate } from '../model/narration/narration.ts';
import { ratiosOf } from '../model/ratios.ts';
import type { Target } from '../model/selection.ts';
import { ChartsView } from './chartsView.ts';
import { CloseUpView } from './closeUpView.ts';
import { element } from './element.ts';
import { InspectorView } from './inspectorView.ts';
import { NarrationView } from './narrationView.ts';
import { SizeWatch } from './sizeWatch.ts';
import { StageView } from './stageView.ts';
import { StoreName } from './storeName.ts';
import { createTextMeasurer } from './textMeasurer.ts';
import { TimelineView } from './timelineView.ts';

/** Controls that the page places and keeps up to date. */
export interface PageControls {
  readonly console: ConsoleControl;
  readonly modeSwitch: ModeSwitch;
  readonly playbackBar: PlaybackBar;
  readonly recorder: Recorder;
  /** Long work and how it ended, beside the narration. */
  readonly works: WorkNotices;
  /** Further buttons at the right of the top bar. */
  readonly tools: readonly HTMLElement[];
}

/** What the page reports. */
export interface PageEvents {
  readonly onSelect: (target: Target) => void;
  readonly onSeek: (place: number) => void;
  readonly onFamily: (family: number) => void;
  /** Something must be drawn although time stands still. */
  readonly onDirty: () => void;
}

const TRACKS_HEIGHT_MIN = 84;
const TRACKS_HEIGHT_MAX = 150;
/** Wider pages show the side panel without being asked. */
const SIDE_WIDTH_MIN = 1000;

export class PageView {
  readonly element: HTMLElement;
  readonly narration: NarrationView;
  readonly closeUps: CloseUpView;
  private readonly controls: PageControls;
  private readonly stage: StageView;
  private readonly families: FamilyTabs;
  private readonly stageBox: HTMLElement;
  private readonly timeline: TimelineView;
  private readonly timeBox: HTMLElement;
  private readonly inspector: InspectorView;
  private readonly charts: ChartsView;
  private readonly sizes: SizeWatch;
  private readonly storeName = new StoreName();
  private measure: TextMeasure;
  private layouter: StageLayouter;
  private options: StageOptions = { width: 0, height: 0, colouring: 'level', family: 0 };
  private colouring: TableColouring = 'level';
  private tracksSize = { width: 0, height: 0 };

  constructor(controls: PageControls, events: PageEvents) {
    this.controls = controls;
    this.narration = new NarrationView(controls.console.message, controls.works.element);
    this.sizes = new SizeWatch(events.onDirty);
    this.charts = new ChartsView(this.sizes);
    this.stage = new StageView(events.onSelect);
    this.timeline = new TimelineView(events.onSeek);
    this.families = new FamilyTabs(events.onFamily);
    this.closeUps = new CloseUpView(this.sizes, events.onDirty);
    this.inspector = new InspectorView((colouring) => {
      this.colouring = colouring;
      events.onDirty();
    });
    this.measure = createTextMeasurer(document.body);
    this.layouter = new StageLayouter(this.measure);
    this.stageBox = element('div', { class: 'stage-box' }, this.stage.element);
    this.timeBox = element('div', { class: 'tracks-box' }, this.timeline.element);
    this.element = this.assemble(events);
    this.sizes.watch(this.stageBox);
    this.sizes.watch(this.timeBox);
    this.followTheme(events.onDirty);
  }

  /** Draws everything for the place where the lens is. */
  draw(lens: Lens, details: TableDetails | undefined, reducedMotion: boolean): void {
    const frame = lens.frame(reducedMotion);
    const shown = frame.progress < 0.5 ? frame.state : frame.next;
    readKeysAs(frame.next.store.comparator);
    this.drawFamilies(frame, lens.family);
    this.measureBoxes(lens.family);
    const { playbackBar, modeSwitch, recorder } = this.controls;
    this.storeName.draw(frame.next.store, lens);
    modeSwitch.draw(lens.playback.mode, lens.possibleModes);
    this.markReading(frame.next, lens);
    recorder.draw(lens.status.recording);
    playbackBar.draw(lens.playback, lens.timeline);
    this.narration.draw(narrate(frame), heldBack(shown), !lens.playback.moving);
    if (this.options.width > 0 && this.options.height > 0) {
      this.stage.draw(this.layouter.picture(frame, this.options), lens.selection);
    }
    this.closeUps.draw(lens.closeUps(frame));
    this.drawTime(lens);
    this.inspector.draw(inspect(lens.selection, shown, lens.family), details);
    this.charts.draw(ratiosOf(shown), lens.chronicle.samples, lens.version, lens.place);
  }

  /** What cannot be written to has no controls that write. */
  private markReading(state: TreeState, lens: Lens): void {
    const { engine, readOnly } = state.store;
    this.element.classList.toggle('only-read', readOnly || lens.trace !== null);
    this.element.classList.toggle('recorded', lens.trace !== null);
    this.element.classList.toggle('foreign', engine !== OWN_ENGINE);
    const shown = familyShown(state, lens.family);
    const name = shown === undefined || shown.family === 0 ? '' : shown.name;
    this.controls.console.setPurpose(lens.status.readOnlyBecause, name);
  }

  private drawFamilies(frame: Frame, wanted: number): void {
    const shown = familyShown(frame.next, wanted)?.family ?? 0;
    this.families.draw(frame.next.families, shown, actingFamily(frame)?.family);
  }

  private drawTime(lens: Lens): void {
    const { spans, markers, samples } = lens.chronicle;
    const { first, length } = lens.timeline;
    this.timeline.draw(
      { spans, markers, samples, first, length },
      lens.version,
      lens.place,
      this.tracksSize,
      this.measure,
    );
  }

  private measureBoxes(family: number): void {
    const { width, height } = this.sizes.sizeOf(this.stageBox);
    const { colouring } = this;
    const before = this.options;
    if (
      before.width !== width ||
      before.height !== height ||
      before.colouring !== colouring ||
      before.family !== family
    ) {
      this.options = { width, height, colouring, family };
    }
    const tracksHeight = Math.round(globalThis.innerHeight * 0.125);
    this.tracksSize = {
      width: this.sizes.sizeOf(this.timeBox).width,
      height: Math.max(TRACKS_HEIGHT_MIN, Math.min(TRACKS_HEIGHT_MAX, tracksHeight)),
    };
  }

  private assemble(events: PageEvents): HTMLElement {
    const { controls } = this;
    const side = element(
      'aside',
      { class: 'side', 'aria-label': 'Inspector and amplification' },
      this.inspector.element,
      this.charts.element,
    );
    const page = element('div', { class: 'page' });
    const toggle = iconButton('Show or hide the side panel', createIcon('panel'), () => {
      page.classList.toggle('side-hidden');
      events.onDirty();
    });
    page.classList.toggle('side-hidden', globalThis.innerWidth < SIDE_WIDTH_MIN);
    page.append(
      element(
        'header',
        { class: 'top-bar' },
        this.storeName.element,
        controls.modeSwitch.element,
        controls.console.element,
        element('div', { class: 'tools' }, ...controls.tools, controls.recorder.element, toggle),
      ),
      this.narration.element,
      element(
        'main',
        { class: 'main' },
        this.families.element,
        this.stageBox,
        this.closeUps.element,
      ),
      side,
      element(
        'footer',
        { class: 'time', 'aria-label': 'Time' },
        controls.playbackBar.element,
        this.timeBox,
      ),
    );
    return page;
  }

  /** Fonts and colours may change with the theme: texts are measured anew. */
  private followTheme(onDirty: () => void): void {
    const observer = new MutationObserver(() => {
      this.measure = createTextMeasurer(document.body);
      this.layouter = new StageLayouter(this.measure);
      onDirty();
    });
    observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  }
}
