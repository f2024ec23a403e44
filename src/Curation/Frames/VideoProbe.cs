using System.Globalization;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Curation.Frames;

/// <summary>Outcome of looking at a file.</summary>
public abstract record ProbeOutcome
{
    private ProbeOutcome()
    {
    }

    public sealed record Read(ProbedMedia Media) : ProbeOutcome;

    /// <param name="Reason">A sentence for a person, with the program's own words.</param>
    /// <param name="Retryable">The program failed, not the file.</param>
    public sealed record Unreadable(string Reason, bool Retryable) : ProbeOutcome;
}

/// <summary>What the packets of a video stream say about its length, where no header does.</summary>
public sealed record PacketCount(long Packets, double DurationSeconds);

/// <summary>Reads the headers of media files with ffprobe.</summary>
public sealed class VideoProbe(MediaTools tools)
{
    private const string Entries =
        "format=format_name,duration,bit_rate:stream=codec_type,codec_name,width,height,sample_aspect_ratio,pix_fmt,field_order,r_frame_rate," +
        "avg_frame_rate,duration,nb_frames,bits_per_raw_sample:stream_tags=rotate,DURATION:stream_disposition=attached_pic:stream_side_data=rotation";

    public async Task<ProbeOutcome> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        var result = await tools.FfprobeAsync(["-of", "json", "-show_entries", Entries, .. MediaTools.Input(path)], null, cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? new ProbeOutcome.Read(ProbeParser.Parse(result.Output))
            : new ProbeOutcome.Unreadable(
                IsMistakenForMp4(result, path) ? $"The file is not a video, whatever its name says. ({FfmpegWords.Clean(result.ErrorTail, path)})" : FfmpegWords.Explain(result, path),
                result.End is ProcessEnd.StoppedMakingProgress or ProcessEnd.OutOfTime);
    }

    // By its name alone a text counts as an MP4 file whose index is missing. A real one begins with a box of one of these types.
    private static bool IsMistakenForMp4(ProcessResult result, string path)
    {
        if (!result.ErrorTail.Contains("moov atom not found", StringComparison.Ordinal))
            return false;
        try
        {
            using var file = File.OpenRead(path);
            var head = new byte[8];
            return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length
                || System.Text.Encoding.Latin1.GetString(head, 4, 4) is not ("ftyp" or "moov" or "mdat" or "moof" or "free" or "skip" or "wide" or "pnot" or "uuid");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Counts the packets of the picture without decoding them; null where the file cannot be read.</summary>
    public async Task<PacketCount?> CountPacketsAsync(string path, CancellationToken cancellationToken)
    {
        long packets = 0;
        double first = double.PositiveInfinity, last = double.NegativeInfinity;
        var result = await tools.FfprobeAsync(
            ["-select_streams", "V:0", "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0", .. MediaTools.Input(path)],
            async (stream, token) =>
            {
                using var reader = new StreamReader(stream, leaveOpen: true);
                while (await reader.ReadLineAsync(token).ConfigureAwait(false) is { } line)
                {
                    var fields = line.Split(',');
                    packets++;
                    if (!double.TryParse(fields[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double at))
                        continue;
                    double length = fields.Length > 1 && double.TryParse(fields[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double d) ? d : 0;
                    first = Math.Min(first, at);
                    last = Math.Max(last, at + length);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? new PacketCount(packets, last > first ? last - first : 0) : null;
    }
}
