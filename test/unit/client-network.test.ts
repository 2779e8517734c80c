// Whom limits for each address count.

import { expect } from 'chai';
import { networkOf } from '../../gateway/client-network.ts';

describe('a client’s network', () => {
  it('is an IPv4 address, however it is written, or the first half of an IPv6 address', () => {
    for (const [address, network] of [
      ['192.0.2.7', '192.0.2.7'],
      ['::ffff:192.0.2.7', '192.0.2.7'],
      ['::FFFF:c000:0207', '192.0.2.7'],
      ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
      ['2001:0DB8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
      ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
      ['fe80::1%eth0', 'fe80:0:0:0::/64'],
      ['Unknown', 'unknown'],
    ] as const) {
      expect(networkOf(address), address).to.equal(network);
    }
  });
});
