/// Takes the metadata out of a picture without touching its pixels: EXIF, XMP, comments, text chunks. The orientation
/// stays, the place is told once. What cannot be read to its end is refused, never kept as it came.
package enum PictureCleaner {
    package enum Kind: String, Sendable {
        case jpeg = "image/jpeg"
        case png = "image/png"
        case webp = "image/webp"
    }

    package struct Picture: Sendable, Equatable {
        package var kind: Kind
        package var bytes: [UInt8]
        package var takenAt: Position?
    }

    /// nil for anything but a whole picture of the three kinds, told by its bytes.
    package static func clean(_ bytes: [UInt8]) -> Picture? {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return JPEG.clean(bytes) }
        if bytes.starts(with: PNG.signature) { return PNG.clean(bytes) }
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return WebP.clean(bytes) }
        return nil
    }

    static func big16(_ bytes: [UInt8], _ index: Int) -> Int { Int(bytes[index]) << 8 | Int(bytes[index + 1]) }

    static func big32(_ bytes: [UInt8], _ index: Int) -> Int { big16(bytes, index) << 16 | big16(bytes, index + 2) }

    static func little32(_ bytes: [UInt8], _ index: Int) -> Int {
        Int(bytes[index + 3]) << 24 | Int(bytes[index + 2]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index])
    }

    static func little32(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}

/// ITU-T T.81 segments.
private enum JPEG {
    static func clean(_ bytes: [UInt8]) -> PictureCleaner.Picture? {
        var output: [UInt8] = [0xFF, 0xD8]
        var exif: EXIF?
        var index = 2
        while index + 4 <= bytes.count {
            guard bytes[index] == 0xFF else { return nil }
            let marker = bytes[index + 1]
            if marker == 0xFF {
                index += 1
                continue
            }
            let length = PictureCleaner.big16(bytes, index + 2)
            guard length >= 2, index + 2 + length <= bytes.count else { return nil }
            let segment = bytes[index..<index + 2 + length]
            if marker == 0xE1, exif == nil { exif = EXIF(Array(segment.dropFirst(4))) }
            if keeps(marker, segment) { output += segment }
            index += 2 + length
            guard marker == 0xDA else { continue }
            guard copyScans(bytes, from: index, into: &output) else { return nil }
            if let tiff = exif?.orientationAlone { output.insert(contentsOf: application1(tiff), at: 2) }
            return .init(kind: .jpeg, bytes: output, takenAt: exif?.position)
        }
        return nil
    }

    /// The segment that holds a TIFF structure.
    private static func application1(_ tiff: [UInt8]) -> [UInt8] {
        let content = Array("Exif".utf8) + [0, 0] + tiff
        let length = content.count + 2
        return [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + content
    }

    /// JFIF, Adobe's colour transform and colour profiles are needed to show the picture; other APPn and comments are not.
    private static func keeps(_ marker: UInt8, _ segment: ArraySlice<UInt8>) -> Bool {
        switch marker {
        case 0xE0, 0xEE: true
        case 0xE2: segment.dropFirst(4).starts(with: "ICC_PROFILE".utf8)
        case 0xE1, 0xE3...0xED, 0xEF, 0xFE: false
        default: true
        }
    }

    /// Copies the scans up to the end marker, segments between scans without the metadata ones. What follows the end,
    /// where phones hide videos and depth maps, is dropped.
    /// - Returns: whether there was an end.
    private static func copyScans(_ bytes: [UInt8], from start: Int, into output: inout [UInt8]) -> Bool {
        var index = start
        while index + 1 < bytes.count {
            guard bytes[index] == 0xFF else {
                output.append(bytes[index])
                index += 1
                continue
            }
            let marker = bytes[index + 1]
            switch marker {
            case 0xD9:
                output += [0xFF, 0xD9]
                return true
            case 0x00, 0xD0...0xD7:
                output += [0xFF, marker]
                index += 2
            case 0xFF: index += 1
            default:
                guard index + 4 <= bytes.count else { return false }
                let length = PictureCleaner.big16(bytes, index + 2)
                guard length >= 2, index + 2 + length <= bytes.count else { return false }
                let segment = bytes[index..<index + 2 + length]
                if keeps(marker, segment) { output += segment }
                index += 2 + length
            }
        }
        return false
    }
}

/// ISO/IEC 15948 chunks.
private enum PNG {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    /// What is needed to show the picture, animations included; all other chunks go.
    private static let kept: Set<String> = [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT", "bKGD", "pHYs", "acTL",
        "fcTL", "fdAT",
    ]

    static func clean(_ bytes: [UInt8]) -> PictureCleaner.Picture? {
        var output = signature
        var exif: EXIF?
        /// Where the pixels begin in the output.
        var pixels: Int?
        var index = signature.count
        while index + 12 <= bytes.count {
            let length = PictureCleaner.big32(bytes, index)
            guard length <= bytes.count - index - 12 else { return nil }
            let type = String(decoding: bytes[index + 4..<index + 8], as: UTF8.self)
            let chunk = bytes[index..<index + 12 + length]
            if type == "eXIf" { exif = EXIF(tiff: Array(chunk.dropFirst(8).dropLast(4))) }
            if type == "IDAT", pixels == nil { pixels = output.count }
            if kept.contains(type) { output += chunk }
            index += 12 + length
            guard type == "IEND" else { continue }
            guard let pixels else { return nil }
            if let tiff = exif?.orientationAlone {
                output.insert(contentsOf: self.chunk(Array("eXIf".utf8) + tiff), at: pixels)
            }
            return .init(kind: .png, bytes: output, takenAt: exif?.position)
        }
        return nil
    }
}

extension PNG {
    /// A chunk of this type and content: its length before it, its checksum behind.
    private static func chunk(_ contents: [UInt8]) -> [UInt8] {
        big32(UInt32(contents.count - 4)) + contents + big32(checksum(contents))
    }

    private static func big32(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// CRC-32 of ISO/IEC 15948 annex D, bit by bit: it is of thirty bytes.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
        }
    }
}

/// RIFF chunks of the WebP container.
private enum WebP {
    /// Flags of the VP8X chunk.
    private static let hasEXIF: UInt8 = 0x08
    private static let hasXMP: UInt8 = 0x04

    static func clean(_ bytes: [UInt8]) -> PictureCleaner.Picture? {
        guard bytes.count >= 20, PictureCleaner.little32(bytes, 4) + 8 <= bytes.count else { return nil }
        let end = PictureCleaner.little32(bytes, 4) + 8
        var body: [UInt8] = Array("WEBP".utf8)
        var exif: EXIF?
        var hasImage = false
        /// Where the output says which kinds of chunks it has.
        var flags: Int?
        var index = 12
        while index + 8 <= end {
            let type = String(decoding: bytes[index..<index + 4], as: UTF8.self)
            let length = PictureCleaner.little32(bytes, index + 4)
            let padded = length + length % 2
            guard padded <= end - index - 8 else { return nil }
            var chunk = bytes[index..<index + 8 + padded]
            if type == "EXIF" {
                let content = Array(chunk.dropFirst(8).prefix(length))
                exif = EXIF(tiff: content) ?? EXIF(content)
            }
            if type == "VP8X", length > 0, flags == nil {
                chunk[index + 8] &= ~(hasEXIF | hasXMP)
                flags = body.count + 8
            }
            if ["VP8 ", "VP8L", "ANMF"].contains(type) { hasImage = true }
            if ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"].contains(type) { body += chunk }
            index += 8 + padded
        }
        guard hasImage, index == end else { return nil }
        if let flags, let tiff = exif?.orientationAlone {
            body[flags] |= hasEXIF
            body += Array("EXIF".utf8) + PictureCleaner.little32(tiff.count) + tiff
        }
        let header = Array("RIFF".utf8) + PictureCleaner.little32(body.count)
        return .init(kind: .webp, bytes: header + body, takenAt: exif?.position)
    }
}
