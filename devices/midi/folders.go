package midi

// At gives the driver for device files in another folder, with or without a
// folder that names their cards: for virtual ports.
func At(devices, cards string) *Driver { return &Driver{devices: devices, cards: cards} }
