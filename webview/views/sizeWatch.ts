// Sizes of elements as the browser last laid them out. Asking an element itself while drawing would
// make the browser lay the page out again in the middle of a frame.

export interface Size {
  readonly width: number;
  readonly height: number;
}

const NO_SIZE: Size = { width: 0, height: 0 };

export class SizeWatch {
  private readonly sizes = new WeakMap<Element, Size>();
  private readonly observer: ResizeObserver;

  /** @param onChange called after sizes changed */
  constructor(onChange: () => void) {
    this.observer = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) {
        const { width, height } = contentRect;
        this.sizes.set(target, { width: Math.floor(width), height: Math.floor(height) });
      }
      onChange();
    });
  }

  watch(element: Element): void {
    this.observer.observe(element);
  }

  /** The content box in whole CSS pixels; zero until the first layout. */
  sizeOf(element: Element): Size {
    return this.sizes.get(element) ?? NO_SIZE;
  }
}
