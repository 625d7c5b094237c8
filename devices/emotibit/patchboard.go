package emotibit

// Patch leads the packets of one tag to one OSC address.
type Patch struct{ Tag, Address string }

// Patchboard is the one that EmotiBit Oscilloscope comes with. Source:
// EmotiBit/ofxEmotiBit, EmotiBitOscilloscope/bin/data/oscOutputSettings.xml,
// commit 45ba6ac (MIT). It maps T0 and not T1, and neither BI nor EL; users
// can change theirs.
func Patchboard() []Patch {
	return []Patch{
		{"PR", "/EmotiBit/0/PPG:RED"},
		{"PI", "/EmotiBit/0/PPG:IR"},
		{"PG", "/EmotiBit/0/PPG:GRN"},
		{"HR", "/EmotiBit/0/HR"},
		{"EA", "/EmotiBit/0/EDA"},
		{"SA", "/EmotiBit/0/SCR:AMP"},
		{"SR", "/EmotiBit/0/SCR:RIS"},
		{"SF", "/EmotiBit/0/SCR:FREQ"},
		{"H0", "/EmotiBit/0/HUMIDITY"},
		{"AX", "/EmotiBit/0/ACC:X"},
		{"AY", "/EmotiBit/0/ACC:Y"},
		{"AZ", "/EmotiBit/0/ACC:Z"},
		{"GX", "/EmotiBit/0/GYRO:X"},
		{"GY", "/EmotiBit/0/GYRO:Y"},
		{"GZ", "/EmotiBit/0/GYRO:Z"},
		{"MX", "/EmotiBit/0/MAG:X"},
		{"MY", "/EmotiBit/0/MAG:Y"},
		{"MZ", "/EmotiBit/0/MAG:Z"},
		{"TH", "/EmotiBit/0/THERM"},
		{"T0", "/EmotiBit/0/TEMP"},
	}
}
