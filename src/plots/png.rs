//! Small grey images as PNG in base 64 live here (ISO/IEC 15948; RFC 4648, section 4). Where they stand is not known.

use std::io::Write;

use flate2::{Compression, Crc, write::ZlibEncoder};

/// A grey image as PNG, every pixel a square of `times` × `times`, so that no viewer blurs it. `None` where there are not
/// rows · columns pixels.
pub(super) fn png(pixels: &[u8], rows: usize, columns: usize, times: usize) -> Option<Vec<u8>> {
    if rows == 0 || columns == 0 || times == 0 || rows.checked_mul(columns)? != pixels.len() {
        return None;
    }
    let length = |n: usize| Some(u32::try_from(n.checked_mul(times)?).ok()?.to_be_bytes());
    let mut header = Vec::new();
    header.extend(length(columns)?);
    header.extend(length(rows)?);
    // Eight bits, grey; the one compression, the one set of filters, not interlaced.
    header.extend([8, 0, 0, 0, 0]);
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    for row in pixels.chunks(columns) {
        let wide: Vec<u8> = row.iter().flat_map(|p| std::iter::repeat_n(*p, times)).collect();
        // Filter 0 has the row itself, filter 2 what it differs by from the row above: nothing.
        packed.write_all(&[0]).and_then(|()| packed.write_all(&wide)).ok()?;
        for _ in 1..times {
            packed.write_all(&[2]).and_then(|()| packed.write_all(&vec![0; wide.len()])).ok()?;
        }
    }
    let mut out = vec![0x89, b'P', b'N', b'G', 13, 10, 26, 10];
    chunk(&mut out, b"IHDR", &header)?;
    chunk(&mut out, b"IDAT", &packed.finish().ok()?)?;
    chunk(&mut out, b"IEND", &[])?;
    Some(out)
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) -> Option<()> {
    out.extend(u32::try_from(data.len()).ok()?.to_be_bytes());
    out.extend(kind);
    out.extend(data);
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    out.extend(crc.sum().to_be_bytes());
    Some(())
}

/// Bytes in base 64.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for three in bytes.chunks(3) {
        let byte = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let digit = DIGITS.get(digit as usize).map_or('=', |d| char::from(*d));
            out.push(if place > three.len() { '=' } else { digit });
        }
    }
    out
}
