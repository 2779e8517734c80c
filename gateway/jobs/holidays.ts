/** 国民の祝日 (国民の祝日に関する法律 2条, 3条), on which nobody in an office can be expected to act. */
import holidays from '@holiday-jp/holiday_jp';

/** Saturdays, Sundays and public holidays: no reminder and no summary is read on them. `date` is yyyy-mm-dd. */
export function isDayOff(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  // Given a Date, the library would look at the day in the server's own time zone.
  return weekday === 0 || weekday === 6 || holidays.isHoliday(date);
}
