using System.Security.Cryptography;
using System.Text;

namespace MedGenCluster.Silo.Web.Access;

/// <summary>The host's token. It is kept as a digest and never shown.</summary>
internal sealed class Token(string secret)
{
    private readonly byte[] _digest = Digest(secret);

    /// <summary>Compares in a time that does not depend on where two tokens differ.</summary>
    public bool Matches(string? offered) => offered is not null && CryptographicOperations.FixedTimeEquals(_digest, Digest(offered));

    /// <summary>Changes with the token, so that a new token ends the sessions of the old one.</summary>
    public string Generation => Convert.ToHexStringLower(SHA256.HashData(_digest).AsSpan(0, 8));

    public override string ToString() => "(a token)";

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
