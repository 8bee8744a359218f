import { expect, test } from '../support/test';
import { enter, PEN } from '../support/shopper';

test('wx.config works after both clocks were moved, and fails after only one', async ({ ownWorld, console }) => {
  test.setTimeout(90_000);
  console.allow(/./); // the shop is away for a moment
  const { world, page, user } = await ownWorld({});
  const verified = async () => {
    // the page before may still ask, too
    await page.goto('about:blank');
    const answer = page.waitForResponse(response => {
      const call = response.url().endsWith('/_phone/bridge') && response.request().postDataJSON();
      return call && call.name === 'preVerifyJSAPI';
    });
    await page.goto(PEN.path);
    return ((await (await answer).json()) as { reply: { err_msg: string } }).reply.err_msg;
  };
  const simulator = world.simulator.url;
  await enter(page, user);
  expect(await verified()).toBe('preVerifyJSAPI:ok');
  // the ticket ends after two hours
  const move = (body: object) =>
    fetch(`${simulator}/_simulator/clock`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  await move({ advance_s: 7300 });
  expect(await verified()).toBe('preVerifyJSAPI:invalid signature');
  const control = await page.context().newPage();
  await control.goto(simulator);
  await expect(control.locator('#clock')).toContainText('比模拟微信慢 2 小时');
  // the page's button moves both; the shop starts again
  await control.getByRole('button', { name: '快进 1 分钟' }).click();
  await expect(async () => {
    await control.goto(simulator);
    await expect(control.locator('#clock')).toContainText('与模拟微信一致', { timeout: 500 });
  }).toPass({ timeout: 40_000 });
  expect(await verified()).toBe('preVerifyJSAPI:ok');
});
