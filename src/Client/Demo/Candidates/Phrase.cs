using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace MedGenCluster.Client.Demo.Candidates;

/// <summary>A phrase as it stands inside a JSON string.</summary>
/// <param name="Utf8">With the escapes that JSON needs.</param>
/// <param name="Ascii">Without a byte outside ASCII.</param>
internal sealed record Phrase(byte[] Utf8, byte[] Ascii)
{
    public static Phrase Of(string text) => new(
        Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)),
        Encoding.UTF8.GetBytes(JsonEncodedText.Encode(text, JavaScriptEncoder.Create(UnicodeRanges.BasicLatin)).ToString().Replace("\\u0026", "&", StringComparison.Ordinal).Replace("\\u0027", "'", StringComparison.Ordinal)));

    public byte[] In(bool isAscii) => isAscii ? Ascii : Utf8;
}
