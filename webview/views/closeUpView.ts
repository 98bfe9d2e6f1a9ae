// The strip below the levels, where close-ups are told; one can be enlarged to fill the stage.

import type { CloseUp } from '../model/closeUps.ts';
import type { SceneName } from '../model/frame.ts';
import { createIcon, setIcon } from '../controls/icons.ts';
import { iconButton } from '../controls/playbackBar.ts';
import { element, setText } from './element.ts';
import type { SizeWatch } from './sizeWatch.ts';

const TITLE_HEIGHT = 28;
const PADDING = 10;

interface Panel {
  readonly element: HTMLElement;
  readonly title: HTMLElement;
  readonly icon: SVGSVGElement;
  svg: SVGSVGElement;
  scene: SceneName | undefined;
}

export class CloseUpView {
  readonly element: HTMLElement;
  private readonly panels: readonly Panel[];
  private readonly hint: HTMLElement;
  private readonly onResize: () => void;
  private readonly sizes: SizeWatch;
  private enlarged: SceneName | undefined;
  private shown: readonly CloseUp[] = [];

  /**
   * @param onResize called when a panel was enlarged or shrunk and everything must be drawn anew
   */
  constructor(sizes: SizeWatch, onResize: () => void) {
    this.sizes = sizes;
    this.onResize = onResize;
    this.panels = [this.createPanel(), this.createPanel()];
    for (const panel of this.panels) sizes.watch(panel.element);
    this.hint = element(
      'p',
      { class: 'close-up-hint' },
      'Close-ups of each step appear here: how an entry enters the log and the skip list, ' +
        'how a filter ' +
        'is asked bit by bit, how a merge decides.',
    );
    this.element = element(
      'section',
      { class: 'close-ups', 'aria-label': 'Close-ups' },
      this.hint,
      ...this.panels.map((panel) => panel.element),
    );
  }

  get isEnlarged(): boolean {
    return this.enlarged !== undefined;
  }

  /** Enlarges the leftmost close-up, or shrinks what is enlarged. */
  toggleEnlarged(name: SceneName | undefined = this.shown[0]?.scene.name): void {
    this.enlarged = this.enlarged === undefined ? name : undefined;
    this.element.classList.toggle('enlarged', this.enlarged !== undefined);
    this.onResize();
  }

  draw(closeUps: readonly CloseUp[]): void {
    this.shown = closeUps;
    const visible =
      this.enlarged === undefined
        ? closeUps
        : (closeUps.filter(({ scene }) => scene.name === this.enlarged).slice(0, 1) ??
          closeUps.slice(0, 1));
    const drawn = visible.length > 0 ? visible : closeUps.slice(0, 1);
    this.hint.hidden = drawn.length > 0;
    this.element.classList.toggle('single', drawn.length === 1);
    this.panels.forEach((panel, at) => {
      const closeUp = drawn[at];
      panel.element.hidden = closeUp === undefined;
      if (closeUp !== undefined) this.drawPanel(panel, closeUp);
    });
  }

  private drawPanel(panel: Panel, { scene, frame }: CloseUp): void {
    if (panel.scene !== scene.name) {
      // Each scene draws into an SVG of its own, so that no marks of another are left.
      const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      svg.setAttribute('role', 'img');
      svg.setAttribute('aria-label', scene.title);
      panel.svg.replaceWith(svg);
      panel.svg = svg;
      panel.scene = scene.name;
      setText(panel.title, scene.title);
    }
    setIcon(panel.icon, this.enlarged === undefined ? 'enlarge' : 'shrink');
    const box = this.sizes.sizeOf(panel.element);
    const width = box.width - 2 * PADDING;
    const height = box.height - TITLE_HEIGHT - PADDING;
    if (width < 80 || height < 40) return;
    panel.svg.setAttribute('width', String(width));
    panel.svg.setAttribute('height', String(height));
    scene.draw(panel.svg, frame, width, height);
  }

  private createPanel(): Panel {
    const title = element('h2', { class: 'close-up-title' });
    const icon = createIcon('enlarge');
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const panel: Panel = {
      element: element('article', { class: 'close-up', hidden: '' }),
      title,
      icon,
      svg,
      scene: undefined,
    };
    const button = iconButton('Enlarge or shrink this close-up (F)', icon, () =>
      this.toggleEnlarged(panel.scene),
    );
    panel.element.append(element('header', {}, title, button), svg);
    return panel;
  }
}
