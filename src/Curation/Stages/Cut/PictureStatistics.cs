using MedGenCluster.Curation.Imaging;

namespace MedGenCluster.Curation.Stages.Cut;

/// <summary>Plain statistics over a clip's preview frames, from a grid of sampled pixels.</summary>
internal sealed class PictureStatistics
{
    private const int Columns = 64, Rows = 36;

    private readonly byte[] _previous = new byte[Columns * Rows];
    private double _luma, _difference, _redGreen, _redGreenSquares, _yellowBlue, _yellowBlueSquares;
    private int _frames;

    /// <summary>Mean luma, 0..255.</summary>
    public double Brightness => _frames == 0 ? 0 : _luma / Samples;

    /// <summary>Mean absolute luma difference of adjacent previews, 0..255.</summary>
    public double Motion => _frames < 2 ? 0 : _difference / ((_frames - 1.0) * Columns * Rows);

    /// <summary>M of Hasler and Süsstrunk (2003): sqrt(var rg + var yb) + 0.3 sqrt(mean rg² + mean yb²), 0 for grey.</summary>
    public double Colourfulness
    {
        get
        {
            if (_frames == 0)
                return 0;
            double rg = _redGreen / Samples, yb = _yellowBlue / Samples;
            double variance = _redGreenSquares / Samples - rg * rg + _yellowBlueSquares / Samples - yb * yb;
            return Math.Sqrt(Math.Max(0, variance)) + 0.3 * Math.Sqrt(rg * rg + yb * yb);
        }
    }

    private double Samples => (double)_frames * Columns * Rows;

    public void Add(Rgb24View picture)
    {
        for (int y = 0; y < Rows; y++)
        {
            var row = picture.Row((2 * y + 1) * picture.Height / (2 * Rows));
            for (int x = 0; x < Columns; x++)
            {
                var pixel = row.Slice((2 * x + 1) * picture.Width / (2 * Columns) * 3, 3);
                byte luma = Luma.Of(pixel[0], pixel[1], pixel[2]);
                double rg = pixel[0] - pixel[1], yb = 0.5 * (pixel[0] + pixel[1]) - pixel[2];
                _luma += luma;
                _redGreen += rg;
                _redGreenSquares += rg * rg;
                _yellowBlue += yb;
                _yellowBlueSquares += yb * yb;
                ref byte previous = ref _previous[y * Columns + x];
                if (_frames > 0)
                    _difference += Math.Abs(luma - previous);
                previous = luma;
            }
        }

        _frames++;
    }
}
