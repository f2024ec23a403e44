using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MedGenCluster.Curation.Screening;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Engine.Screening.Shards;

/// <summary>What makes two rows the same video, in 128 bits of a cryptographic hash: that two videos share it cannot be expected.</summary>
internal static class RowIdentity
{
    /// <summary>The row's id; where it has none its URL, else its path.</summary>
    public static UInt128 Of(CandidateRow row)
    {
        var name = row.Id is { } id ? "id\n" + id : row.Url is { } url ? "url\n" + url : "path\n" + row.Path;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
