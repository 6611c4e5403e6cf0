-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
--
-- Host: localhost    Database: bakery
-- ------------------------------------------------------
-- Server version	8.0.36

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;

--
-- Table structure for table `bread`
--

DROP TABLE IF EXISTS `bread`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `bread` (
  `bread_id` int unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(60) NOT NULL,
  `price` decimal(5,2) NOT NULL,
  `story` text,
  PRIMARY KEY (`bread_id`),
  UNIQUE KEY `uq_bread_name` (`name`)
) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `bread`
--

LOCK TABLES `bread` WRITE;
/*!40000 ALTER TABLE `bread` DISABLE KEYS */;
INSERT INTO `bread` VALUES (1,'Rye; dark',4.80,'It\'s baked on Tuesdays.'),(2,'Brötchen',0.65,NULL),(3,'Baguette',2.20,'see \\breads\\white');
INSERT INTO `bread` VALUES (4,'Spelt',5.10,'DELIMITER is only a word here');
/*!40000 ALTER TABLE `bread` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `sale`
--

DROP TABLE IF EXISTS `sale`;
CREATE TABLE `sale` (
  `sale_id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `bread_id` int unsigned NOT NULL,
  `pieces` smallint NOT NULL DEFAULT '1',
  `sold_at` datetime NOT NULL,
  PRIMARY KEY (`sale_id`),
  KEY `ix_sale_sold_at` (`sold_at`),
  CONSTRAINT `fk_sale_bread` FOREIGN KEY (`bread_id`) REFERENCES `bread` (`bread_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
/*!50003 SET @saved_sql_mode       = @@sql_mode */ ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`baker`@`localhost`*/ /*!50003 TRIGGER `sale_before_insert` BEFORE INSERT ON `sale` FOR EACH ROW BEGIN
  IF NEW.pieces < 1 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'sell at least one; please';
  END IF;
END */;;
DELIMITER ;
/*!50003 SET sql_mode              = @saved_sql_mode */ ;

--
-- Dumping routines for database 'bakery'
--
DELIMITER ;;
CREATE DEFINER=`baker`@`localhost` FUNCTION `revenue`(from_day DATE, to_day DATE) RETURNS decimal(10,2)
    READS SQL DATA
BEGIN
  DECLARE total DECIMAL(10,2);
  SELECT SUM(s.pieces * b.price) INTO total
    FROM sale s JOIN bread b ON b.bread_id = s.bread_id
   WHERE s.sold_at >= from_day AND s.sold_at < to_day;
  RETURN COALESCE(total, 0);
END ;;
CREATE DEFINER=`baker`@`localhost` PROCEDURE `sell`(IN which INT UNSIGNED, IN how_many SMALLINT)
BEGIN
  INSERT INTO sale (bread_id, pieces, sold_at) VALUES (which, how_many, NOW());
END ;;
DELIMITER ;

--
-- Final view structure for view `best_sellers`
--

/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`baker`@`localhost` SQL SECURITY DEFINER */
/*!50001 VIEW `best_sellers` AS select `b`.`name` AS `name`,sum(`s`.`pieces`) AS `pieces` from (`sale` `s` join `bread` `b` on((`b`.`bread_id` = `s`.`bread_id`))) group by `b`.`name` order by `pieces` desc */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
-- Dump completed on 2024-05-17  6:30:00
