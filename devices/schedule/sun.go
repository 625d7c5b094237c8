package schedule

import (
	"math"
	"time"
)

// horizon is the sun's zenith angle at which it rises and sets: 90°, 34
// minutes of arc of refraction and 16 of the sun's radius.
const horizon = 90.833

// Sun gives sunrise and sunset of the calendar day on which t lies, in t's
// time zone, to about a minute between the polar circles. Where the sun does
// not rise that day both are noon; where it does not set ok is false.
//
// The equations are those of NOAA's solar calculator, after Meeus,
// Astronomical Algorithms, 1991, chapters 24 and 27.
func Sun(t time.Time, p Place) (rise, set time.Time, ok bool) {
	noon := time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, t.Location())
	event := func(sign float64) (time.Time, float64) {
		at := noon
		cos := 0.0
		for range 3 { // the sun moves while the day goes: begin at noon and refine
			var transit time.Time
			transit, cos = position(at, noon, p)
			hour := math.Acos(min(max(cos, -1), 1)) * 180 / math.Pi
			at = transit.Add(time.Duration(sign * hour / 15 * float64(time.Hour)))
			if cos > 1 {
				at = transit
			}
		}
		return at, cos
	}
	rise, c1 := event(-1)
	set, c2 := event(1)
	return rise, set, c1 >= -1 && c2 >= -1
}

// position gives the solar noon of the day of noon, and the cosine of the
// hour angle of sunrise, with the sun where it is at an instant.
func position(at, noon time.Time, p Place) (transit time.Time, cos float64) {
	const rad = math.Pi / 180
	// Julian centuries since 2000-01-01 12:00.
	c := (float64(at.Unix())/86400 + 2440587.5 - 2451545) / 36525
	mean := math.Mod(280.46646+c*(36000.76983+c*0.0003032), 360)
	anomaly := (357.52911 + c*(35999.05029-0.0001537*c)) * rad
	eccentricity := 0.016708634 - c*(0.000042037+0.0000001267*c)
	centre := math.Sin(anomaly)*(1.914602-c*(0.004817+0.000014*c)) + math.Sin(2*anomaly)*(0.019993-0.000101*c) + math.Sin(3*anomaly)*0.000289
	node := (125.04 - 1934.136*c) * rad
	longitude := (mean + centre - 0.00569 - 0.00478*math.Sin(node)) * rad
	tilt := (23 + (26+(21.448-c*(46.815+c*(0.00059-c*0.001813)))/60)/60 + 0.00256*math.Cos(node)) * rad
	declination := math.Asin(math.Sin(tilt) * math.Sin(longitude))
	y := math.Tan(tilt/2) * math.Tan(tilt/2)
	l := mean * rad
	// The equation of time, minutes.
	equation := 4 / rad * (y*math.Sin(2*l) - 2*eccentricity*math.Sin(anomaly) + 4*eccentricity*y*math.Sin(anomaly)*math.Cos(2*l) -
		0.5*y*y*math.Sin(4*l) - 1.25*eccentricity*eccentricity*math.Sin(2*anomaly))
	latitude := p.Latitude * rad
	cos = math.Cos(horizon*rad)/(math.Cos(latitude)*math.Cos(declination)) - math.Tan(latitude)*math.Tan(declination)
	_, zone := noon.Zone()
	minutes := -4*p.Longitude - equation + float64(zone)/60 // after 12:00 by the clock
	return noon.Add(time.Duration(minutes * float64(time.Minute))), cos
}
