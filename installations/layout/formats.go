package layout

import "bytes"

// formats are tried in this order.
var formats = []format{
	{"CSV", []string{".csv", ".tsv", ".txt"}, nil, readCSV},
	{"WLED ledmap", []string{".json"}, func(d []byte) bool { return hasKey(d, "map") }, readLedmap},
	{"WLED configuration", []string{".json"}, func(d []byte) bool { return hasKey(d, "hw") }, readWLED},
	{"xLights", []string{".xml", ".xmodel"}, isXLights, readXLights},
	{"Chromatik fixture", []string{".lxf"}, nil, readLXF},
	{"GDTF", []string{".gdtf"}, nil, readGDTF},
	{"MVR", []string{".mvr"}, nil, readMVR},
	{"SVG", []string{".svg"}, isSVG, readSVG},
	{"glTF", []string{".gltf", ".glb"}, nil, readGLTF},
	{"Wavefront OBJ", []string{".obj"}, nil, readOBJ},
	{"Open Pixel Control layout", []string{".json"}, func(d []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(d), []byte("[")) }, readOPC},
}
