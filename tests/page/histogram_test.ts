import { equal, ok } from "../assert.ts";
import { histogramAnswer } from "./answers.ts";
import { pageTest } from "./browser.ts";

pageTest(
  "a bar of one of two intervals is no wider than others",
  histogramAnswer(2),
  async (page) => {
    await page.setViewportSize({ width: 1600, height: 900 });
    const canvas = page.locator("#histogram canvas");
    await canvas.waitFor();
    await page.waitForTimeout(300);
    const widest = await canvas.evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const ratio = width / element.clientWidth;
      const copy = document.createElement("canvas");
      copy.width = width;
      copy.height = 2;
      const drawn = copy.getContext("2d", { willReadFrequently: true })!;
      // A row in the middle, where lines of the grid have other colours than the bar.
      drawn.drawImage(element as HTMLCanvasElement, 0, -Math.round(height / 2) + 3);
      const { data } = drawn.getImageData(0, 0, width, 1);
      const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
      drawn.fillStyle = accent;
      drawn.fillRect(0, 0, 1, 1);
      const [red, green, blue] = drawn.getImageData(0, 0, 1, 1).data;
      let [run, most] = [0, 0];
      for (let x = 0; x < width; x++) {
        const isBar = data[4 * x] === red && data[4 * x + 1] === green && data[4 * x + 2] === blue;
        run = isBar ? run + 1 : 0;
        most = Math.max(most, run);
      }
      return most / ratio;
    });
    ok(widest > 40 && widest <= 100, String(widest));
    equal(await page.locator("#histogram").count(), 1);
  },
);

pageTest("no label below the histogram is cut off", histogramAnswer(96), async (page) => {
  await page.locator("#histogram canvas").waitFor();
  await page.evaluate(() => {
    const beyond: string[] = [];
    const draw = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      const half = this.measureText(text).width / 2;
      if (this.textAlign === "center" && x + half > this.canvas.width) beyond.push(text);
      document.body.dataset["beyond"] = beyond.join();
      draw.call(this, text, x, y);
    };
  });
  await page.setViewportSize({ width: 1024, height: 900 });
  await page.waitForFunction(() => document.body.dataset["beyond"] !== undefined);
  equal(await page.locator("body").getAttribute("data-beyond"), "");
});
