namespace MedGenCluster.Curation.Frames;

/// <summary>What a media file holds, as far as its headers tell.</summary>
/// <param name="Container">ffmpeg's name of the container format, for example <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</param>
/// <param name="DurationSeconds">Duration of the picture (else of the file); null where no header tells.</param>
/// <param name="Streams">Streams of any kind.</param>
/// <param name="Video">The first moving picture (cover art is none); null where there is none.</param>
public sealed record ProbedMedia(string Container, double? DurationSeconds, int Streams, bool HasAudio, long? BitRate, ProbedVideo? Video);

/// <summary>A video stream.</summary>
/// <param name="Width">Displayed width in square pixels, after rotation.</param>
/// <param name="Height">Displayed height in square pixels, after rotation.</param>
/// <param name="CodedWidth">Stored width, before rotation and aspect correction.</param>
/// <param name="CodedHeight">Stored height.</param>
/// <param name="Rotation">Clockwise degrees of the display matrix: 0, 90, 180 or 270.</param>
/// <param name="AverageRate">Frames by duration.</param>
/// <param name="RealRate">The lowest rate in which all time stamps can be written; twice the average for coded fields.</param>
/// <param name="FieldOrder">ffmpeg's word, for example <c>progressive</c> or <c>tt</c>.</param>
/// <param name="BitDepth">Bits of a component, 8 where the header does not tell.</param>
/// <param name="FrameCount">Frames, where the header tells.</param>
public sealed record ProbedVideo(
    string Codec,
    int Width,
    int Height,
    int CodedWidth,
    int CodedHeight,
    int Rotation,
    FrameRate AverageRate,
    FrameRate RealRate,
    string FieldOrder,
    string PixelFormat,
    int BitDepth,
    long? FrameCount)
{
    /// <summary>The stream was coded as fields.</summary>
    public bool Interlaced => FieldOrder is "tt" or "bb" or "tb" or "bt";

    /// <summary>The time stamps do not lie on a grid of the average rate, or the header does not tell.</summary>
    public bool LooksVariable =>
        !AverageRate.IsKnown || !RealRate.IsKnown || !(IsNear(RealRate, AverageRate, 1) || IsNear(RealRate, AverageRate, 2));

    /// <summary>The constant rate that suits the stream.</summary>
    public FrameRate ConstantRate => AverageRate.IsKnown ? AverageRate.ToStandard() : RealRate.IsKnown ? RealRate.ToStandard() : new FrameRate(25, 1);

    /// <summary>The displayed size, shrunk to a longest side where that is exceeded.</summary>
    public (int Width, int Height) SizeWithin(int maxLongSide)
    {
        int longSide = Math.Max(Width, Height);
        return longSide <= maxLongSide
            ? (Width, Height)
            : (Math.Max(1, (int)Math.Round((double)Width * maxLongSide / longSide)), Math.Max(1, (int)Math.Round((double)Height * maxLongSide / longSide)));
    }

    private static bool IsNear(FrameRate real, FrameRate average, int factor) =>
        Math.Abs(real.PerSecond / (average.PerSecond * factor) - 1) < 0.005;
}
