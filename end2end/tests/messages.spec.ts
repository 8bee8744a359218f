import { expect, test } from '../support/test';
import { enter, openSheet, order, says } from '../support/shopper';
import { WITH_MESSAGES } from '../support/world';

interface Messages {
  messages: { openid: string; title: string }[];
  consents: { openid: string; left: number }[];
}

test('after the payment the page asks for messages with the button of WeChat', async ({ ownWorld }) => {
  const { world, page, user } = await ownWorld(WITH_MESSAGES);
  await enter(page, user);
  const id = await order(page);
  await (await openSheet(page)).confirm.tap();
  await says(page, '已支付', id);
  const ask = page.getByTestId('ask-for-messages').getByRole('button');
  await expect(ask).toHaveText('开启订单通知');
  const consents = async () => {
    const { consents } = await world.simulator.call<Messages>('messages');
    return consents.filter(({ openid }) => openid === user.openid).map(({ left }) => left);
  };

  await ask.tap();
  await page.getByTestId('wechat-subscribe-refuse').tap();
  await expect(page.getByTestId('wechat-subscribe-sheet')).toHaveCount(0);
  expect(await consents()).toEqual([]);

  await ask.tap();
  await expect(page.getByTestId('wechat-subscribe-sheet')).toContainText('订单发货通知');
  await page.getByTestId('wechat-subscribe-allow').tap();
  await expect.poll(consents).toEqual([1, 1, 1]);
  await expect(page.getByRole('status').getByText('已开启通知')).toBeVisible();
  await expect(ask).toHaveCount(0);
});
