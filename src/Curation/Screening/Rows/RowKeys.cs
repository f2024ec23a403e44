using System.Text;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>Reports the keys of rows; only texts with escapes are copied. Reusable; not for two threads at once.</summary>
internal sealed class RowKeys
{
    private static readonly Column[] ChannelColumns = [Column.ChannelId, Column.ChannelUrl, Column.Channel, Column.Uploader];

    public void Report(ReadOnlySpan<byte> block, RowFields fields, long line, bool isHit, ICandidateSink sink) => sink.Keys(new CandidateKeys
    {
        Line = line,
        Id = Text(block, fields[Column.Id]),
        Channel = Channel(block, fields),
        Label = Text(block, fields[Column.Label]),
        IsHit = isHit,
    });

    private static ReadOnlySpan<byte> Channel(ReadOnlySpan<byte> block, RowFields fields)
    {
        foreach (var column in ChannelColumns)
        {
            if (Text(block, fields[column]) is { IsEmpty: false } text)
            {
                return text;
            }
        }

        return [];
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> block, FieldSlice slice) => slice switch
    {
        { Kind: not FieldKind.Text } => [],
        { Encoding: TextEncoding.Plain } => slice.Of(block),
        _ => Encoding.UTF8.GetBytes(FieldDecoder.Decode(slice.Of(block), slice.Encoding)),
    };
}
