import { expect, test } from '../support/test';
import { enter, myOrders, openSheet, order, says } from '../support/shopper';

test("another shopper's order is not found, and cannot be paid", async ({ page, user, world, otherShopper, console }) => {
  console.allowStatus(404);
  await enter(page, user);
  const id = await order(page);
  await openSheet(page);

  const other = await otherShopper();
  await enter(other.page, other.user);
  for (const path of [`/orders/${id}`, `/orders/${id}/confirm`, `/orders/${id}/pay`, '/orders/1', '/orders/x']) {
    const response = await other.page.goto(path);
    expect(response?.status(), path).toBe(404);
    await expect(other.page.getByText('没有找到您要的内容')).toBeVisible();
    await expect(other.page.getByRole('link', { name: '回到首页' })).toBeVisible();
    await expect(other.page.locator('main')).not.toContainText(id);
  }
  const posted = await other.page.request.post(`/orders/${id}/pay`, { headers: { origin: world.phone } });
  expect(posted.status()).toBe(404);
  expect(await myOrders(other.page)).toEqual([]);
  expect(await world.simulator.ordersOf(user)).toHaveLength(1);
  expect(await world.simulator.ordersOf(other.user)).toEqual([]);
});

test("a page that does not exist leads back to the shop", async ({ page, user, console }) => {
  console.allowStatus(404);
  await enter(page, user);
  const response = await page.goto('/nothing/here');
  expect(response?.status()).toBe(404);
  await page.getByRole('link', { name: '回到首页' }).tap();
  await says(page, '小店');
});

test("a form of another site is refused", async ({ page, user, world }) => {
  await enter(page, user);
  const id = await order(page);
  for (const origin of [world.simulator.url, 'null', undefined]) {
    const headers: Record<string, string> = origin ? { origin } : {};
    const response = await page.request.post(`/orders/${id}/pay`, { headers });
    expect(response.status(), String(origin)).toBe(403);
  }
  expect(await world.simulator.ordersOf(user)).toEqual([]);
});
