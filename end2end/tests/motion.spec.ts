import { expect, test } from '../support/test';
import { enter, PEN } from '../support/shopper';

for (const [reducedMotion, moves] of [['no-preference', true], ['reduce', false]] as const) {
  test(`a tapped button ${moves ? 'gives way' : 'stands still where the shopper wants less motion'}`, async ({ page, user }) => {
    await page.emulateMedia({ reducedMotion });
    await enter(page, user, PEN.path);
    const button = page.getByRole('button', { name: '加入购物车' });
    const box = (await button.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    if (moves) await expect(button).not.toHaveCSS('transform', 'none');
    else await expect(button).toHaveCSS('transform', 'none');
  });
}
