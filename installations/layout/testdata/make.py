"""Makes the binary layouts of this folder: run here, python3 make.py."""
import base64, json, struct, zipfile

def gltf():
    pos = [(0, 0, 0), (1, 0, 0), (1, 1, 0)]
    data = b"".join(struct.pack("<3f", *p) for p in pos) + struct.pack("<4H", 0, 1, 1, 2)
    doc = {
        "asset": {"version": "2.0", "generator": "make.py"},
        "buffers": [{"byteLength": len(data), "uri": "data:application/octet-stream;base64," + base64.b64encode(data).decode()}],
        "bufferViews": [{"buffer": 0, "byteOffset": 0, "byteLength": 36}, {"buffer": 0, "byteOffset": 36, "byteLength": 8}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]},
            {"bufferView": 1, "componentType": 5123, "count": 4, "type": "SCALAR"},
        ],
        "meshes": [{"name": "wire", "primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "mode": 1}]}],
        "nodes": [{"name": "hall", "children": [1], "translation": [0, 2, 0]}, {"name": "wire", "mesh": 0, "scale": [0.5, 0.5, 0.5], "rotation": [0, 0.70710678, 0, 0.70710678]}],
        "scenes": [{"nodes": [0]}], "scene": 0,
    }
    json.dump(doc, open("wire.gltf", "w"), indent=1)

DESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<GDTF DataVersion="1.2">
  <FixtureType Name="Bar 3" Manufacturer="Test">
    <Geometries>
      <Geometry Name="Base" Position="{1,0,0,0}{0,1,0,0}{0,0,1,0}{0,0,0,1}">
        <GeometryReference Name="P1" Geometry="Pixel" Position="{1,0,0,-0.2}{0,1,0,0}{0,0,1,0}{0,0,0,1}"><Break DMXBreak="1" DMXOffset="1"/></GeometryReference>
        <GeometryReference Name="P2" Geometry="Pixel" Position="{1,0,0,0}{0,1,0,0}{0,0,1,0}{0,0,0,1}"><Break DMXBreak="1" DMXOffset="4"/></GeometryReference>
        <GeometryReference Name="P3" Geometry="Pixel" Position="{1,0,0,0.2}{0,1,0,0}{0,0,1,0}{0,0,0,1}"><Break DMXBreak="1" DMXOffset="7"/></GeometryReference>
      </Geometry>
      <Beam Name="Pixel" Position="{1,0,0,0}{0,1,0,0}{0,0,1,0}{0,0,0,1}"/>
    </Geometries>
    <DMXModes>
      <DMXMode Name="9 channels" Geometry="Base">
        <DMXChannels>
          <DMXChannel DMXBreak="Overwrite" Offset="2" Geometry="Pixel"><LogicalChannel Attribute="ColorAdd_R"/></DMXChannel>
          <DMXChannel DMXBreak="Overwrite" Offset="1" Geometry="Pixel"><LogicalChannel Attribute="ColorAdd_G"/></DMXChannel>
          <DMXChannel DMXBreak="Overwrite" Offset="3" Geometry="Pixel"><LogicalChannel Attribute="ColorAdd_B"/></DMXChannel>
        </DMXChannels>
      </DMXMode>
    </DMXModes>
  </FixtureType>
</GDTF>
"""

SCENE = """<?xml version="1.0" encoding="UTF-8"?>
<GeneralSceneDescription verMajor="1" verMinor="6">
  <Scene><Layers><Layer name="Truss" uuid="1">
    <ChildList>
      <Fixture name="Bar" uuid="2"><Matrix>{1,0,0}{0,1,0}{0,0,1}{1000,-500,4000}</Matrix><GDTFSpec>bar.gdtf</GDTFSpec><GDTFMode>9 channels</GDTFMode><Addresses><Address break="0">1</Address></Addresses><FixtureID>101</FixtureID></Fixture>
      <Fixture name="Bar" uuid="3"><Matrix>{0,0,1}{0,1,0}{-1,0,0}{2000,-500,4000}</Matrix><GDTFSpec>bar.gdtf</GDTFSpec><GDTFMode>9 channels</GDTFMode><Addresses><Address break="0">2.11</Address></Addresses><FixtureID>102</FixtureID></Fixture>
      <Fixture name="Lamp" uuid="4"><Matrix>{1,0,0}{0,1,0}{0,0,1}{0,0,1000}</Matrix><GDTFSpec>missing</GDTFSpec><GDTFMode>x</GDTFMode><Addresses><Address break="0">100</Address></Addresses></Fixture>
    </ChildList>
  </Layer></Layers></Scene>
</GeneralSceneDescription>
"""

def archive(name, files):
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as z:
        for n, d in files.items():
            z.writestr(zipfile.ZipInfo(n, (2020, 1, 1, 0, 0, 0)), d)

gltf()
archive("bar.gdtf", {"description.xml": DESCRIPTION})
archive("stage.mvr", {"GeneralSceneDescription.xml": SCENE, "bar.gdtf": open("bar.gdtf", "rb").read()})
