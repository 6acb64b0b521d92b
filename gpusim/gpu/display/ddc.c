// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc.h"

#define ADDRESS_SEGMENT 0x30
#define ADDRESS_EEPROM	0x50

bool ddc_start(struct ddc *ddc, uint8_t address, bool read)
{
	if (!ddc->edid)
		return false;
	return address == ADDRESS_EEPROM || (address == ADDRESS_SEGMENT && !read);
}

void ddc_write(struct ddc *ddc, uint8_t address, uint8_t value)
{
	if (address == ADDRESS_SEGMENT)
		ddc->segment = value & 0x7f;
	else
		ddc->offset = value;
}

uint8_t ddc_read(struct ddc *ddc)
{
	size_t at = (size_t)ddc->segment * 256 + ddc->offset++;

	return at < ddc->size ? ddc->edid[at] : 0xff;
}

void ddc_stop(struct ddc *ddc)
{
	ddc->segment = 0;
}
