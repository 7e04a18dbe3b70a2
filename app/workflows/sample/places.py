"""Where the sample's enterprises are: Liuzhou's ten districts and counties and Guangdong's 21 cities.

Region codes are those of the seed list (courses/plans/regions.csv); counts and slack are invented.
"""

from app.workflows.sample.shapes import Place

LIUZHOU = (
    Place("450200", "柳州市", 5, 0.4),
    Place("450202", "城中区", 14, 0.8),
    Place("450203", "鱼峰区", 36, 0.7),
    Place("450204", "柳南区", 31, 0.8),
    Place("450205", "柳北区", 28, 0.9),
    Place("450206", "柳江区", 24, 1.3),
    Place("450222", "柳城县", 15, 1.8, rural=True),
    Place("450223", "鹿寨县", 21, 1.4, rural=True),
    Place("450224", "融安县", 9, 0.0, rural=True),
    Place("450225", "融水苗族自治县", 10, 2.4, rural=True),
    Place("450226", "三江侗族自治县", 7, 2.9, rural=True),
)
GUANGDONG = (
    Place("440000", "广东省", 2, 0.5),
    Place("440100", "广州市", 60, 0.7),
    Place("440200", "韶关市", 9, 1.3),
    Place("440300", "深圳市", 57, 0.6),
    Place("440400", "珠海市", 18, 0.7),
    Place("440500", "汕头市", 14, 1.6),
    Place("440600", "佛山市", 48, 0.8),
    Place("440700", "江门市", 18, 1.0),
    Place("440800", "湛江市", 12, 2.0),
    Place("440900", "茂名市", 11, 1.8),
    Place("441200", "肇庆市", 11, 1.2),
    Place("441300", "惠州市", 26, 0.9),
    Place("441400", "梅州市", 7, 1.7),
    Place("441500", "汕尾市", 4, 2.0),
    Place("441600", "河源市", 5, 1.4),
    Place("441700", "阳江市", 5, 1.5),
    Place("441800", "清远市", 9, 1.5),
    Place("441900", "东莞市", 48, 0.9),
    Place("442000", "中山市", 24, 0.8),
    Place("445100", "潮州市", 4, 0.0),
    Place("445200", "揭阳市", 5, 2.2),
    Place("445300", "云浮市", 3, 0.0),
)
